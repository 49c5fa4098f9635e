using System.Text;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// GPT-2's older pair of files: <c>vocab.json</c> has the ids of the tokens, <c>merges.txt</c> a pair of tokens per line.
/// </summary>
internal static class MergesFile
{
    public const string FileName = "merges.txt";
    public const string VocabularyName = "vocab.json";

    /// <summary>How a first line begins that is no merge.</summary>
    public const string Comment = "#version";

    /// <summary>The names of the pair: transformers' and OpenAI's.</summary>
    public static IReadOnlyList<(string Vocabulary, string Merges)> Names { get; } =
        [(VocabularyName, FileName), ("encoder.json", "vocab.bpe")];

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="vocabularyJson">The content of <c>vocab.json</c>.</param>
    /// <param name="mergesText">The content of <c>merges.txt</c>, UTF-8.</param>
    /// <param name="path">What error messages call the pair.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens; the files do not say it.</param>
    /// <param name="settings">What other files say of the tokenizer, or null.</param>
    /// <param name="warn">Takes what had to be assumed.</param>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public static BytePairTokenizer Read(
        ReadOnlyMemory<byte> vocabularyJson, ReadOnlySpan<byte> mergesText, string path, IPreTokenizer preTokenizer,
        TokenizerSettings? settings, Action<string> warn)
    {
        try
        {
            using var document = JsonDocument.Parse(vocabularyJson);
            var merges = ReadMerges(Encoding.UTF8.GetString(mergesText)).ToList();
            var vocabulary = new BytePairVocabularyFile(document.RootElement, path, warn);
            foreach (var token in settings?.AddedTokens ?? [])
                vocabulary.Add(token);
            if (settings?.AddsBeginning == true)
            {
                var settingsPath = $"{TokenizerSettings.FileName} (add_bos_token) beside {path}";
                TokensAroundText.Report(settingsPath, "the beginning-of-text token in front of each text", warn);
            }

            return vocabulary.ToTokenizer(merges, preTokenizer, change: tokenizer => Apply(settings, tokenizer));
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    /// <summary>Gives a tokenizer its prefix space and its end of text.</summary>
    /// <param name="settings">What other files say of the tokenizer, or null.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="prefixSpace">What its own file says of the prefix space; null where its split has none that could be set.</param>
    public static BytePairTokenizer Apply(TokenizerSettings? settings, BytePairTokenizer tokenizer, bool? prefixSpace = false)
    {
        if (prefixSpace is { } own && (settings?.AddsPrefixSpace ?? own))
            tokenizer = tokenizer.WithPrefixSpace();
        var end = tokenizer.GetAddedTokens().FirstOrDefault(token => token.Text == settings?.EndOfText);
        return end is null ? tokenizer : tokenizer.WithEndOfText([end.Id]);
    }

    private static IEnumerable<MergeText> ReadMerges(string text)
    {
        // Only the first line can be the comment: a later "#version x" is a merge.
        text = text.TrimStart('\r', '\n');
        var start = text.StartsWith(Comment, StringComparison.Ordinal) ? EndOfLine(text, 0) : 0;
        while (start < text.Length)
        {
            var end = EndOfLine(text, start);
            var line = text.AsMemory(start, end - start).Trim();
            if (!line.IsEmpty)
                yield return MergeText.Parse(line);
            start = end + 1;
        }
    }

    /// <summary>Lines end as on any system: no token has such a character, since bytes are written as others.</summary>
    private static int EndOfLine(string text, int start)
    {
        var end = text.AsSpan(start).IndexOfAny('\n', '\r');
        return end < 0 ? text.Length : start + end;
    }
}
