using System.Text;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>GPT-2's older pair of files: <c>vocab.json</c> has the ids of the tokens, <c>merges.txt</c> a pair of tokens per line.</summary>
internal static class MergesFile
{
    public const string FileName = "merges.txt";
    public const string VocabularyName = "vocab.json";

    /// <summary>How a first line begins that is no merge.</summary>
    public const string Comment = "#version";

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="vocabularyJson">The content of <c>vocab.json</c>.</param>
    /// <param name="mergesText">The content of <c>merges.txt</c>, UTF-8.</param>
    /// <param name="path">What error messages call the pair.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens; the files do not say it.</param>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public static BytePairTokenizer Read(ReadOnlyMemory<byte> vocabularyJson, ReadOnlySpan<byte> mergesText, string path, IPreTokenizer preTokenizer)
    {
        try
        {
            using var document = JsonDocument.Parse(vocabularyJson);
            var merges = ReadMerges(Encoding.UTF8.GetString(mergesText)).ToList();
            var vocabulary = new BytePairVocabularyFile(document.RootElement, path);
            vocabulary.AddSpecialTokens(merges);
            return vocabulary.ToTokenizer(merges, preTokenizer);
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    private static IEnumerable<MergeText> ReadMerges(string text)
    {
        // Only the first line can be the comment: a later "#version x" is a merge.
        var start = text.StartsWith(Comment, StringComparison.Ordinal) ? text.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            var line = text.AsMemory(start, end - start).Trim();
            if (!line.IsEmpty)
                yield return MergeText.Parse(line);
            start = end + 1;
        }
    }
}
