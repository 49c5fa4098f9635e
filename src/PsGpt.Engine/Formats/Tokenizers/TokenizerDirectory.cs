using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The tokenizer of a directory: <c>tokenizer.json</c>, or <c>vocab.json</c> with <c>merges.txt</c>, or <c>encoder.json</c> with
/// <c>vocab.bpe</c>, and what the small files beside them say.
/// </summary>
internal static class TokenizerDirectory
{
    /// <summary>Reads the tokenizer; null where the directory has none.</summary>
    /// <param name="files">The directory.</param>
    /// <param name="preTokenizer">Cuts texts into pre-tokens where the files do not say it; null takes GPT-2's.</param>
    /// <param name="warn">Takes what had to be assumed.</param>
    /// <exception cref="GptException">
    /// <c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>, <c>FileTooLarge</c>.
    /// </exception>
    public static Tokenizer? Read(IFileSource files, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        if (files.Has(TokenizerJson.FileName))
        {
            return TokenizerJson.Read(
                SideFile.Read(files, TokenizerJson.FileName), files.Describe(TokenizerJson.FileName), TokenizerSettings.Read(files), warn);
        }

        var tokenizer = ReadPair(files, preTokenizer, warn);
        if (tokenizer is null)
            ReportUnread(files, warn);
        return tokenizer;
    }

    /// <summary>A tokenizer that is there and cannot be read is not passed over in silence.</summary>
    private static void ReportUnread(IFileSource files, Action<string> warn)
    {
        string[] names = [.. MergesFile.Names.SelectMany(pair => new[] { pair.Vocabulary, pair.Merges }), .. ForeignTokenizer.Names];
        if (names.FirstOrDefault(files.Has) is { } found)
        {
            warn($"'{files.Describe(found)}' is not read as a tokenizer."
                + (ForeignTokenizer.Describe([found]) is { Length: > 0 } foreign ? foreign : " Ids and merges stand in two files."));
        }
    }

    /// <summary>Reads the tokenizer from ids and merges; null where the directory has no such pair.</summary>
    /// <exception cref="GptException">
    /// <c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>, <c>FileTooLarge</c>.
    /// </exception>
    public static Tokenizer? ReadPair(IFileSource files, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        foreach (var (vocabulary, merges) in MergesFile.Names)
        {
            if (files.Has(vocabulary) && files.Has(merges))
            {
                return MergesFile.Read(
                    SideFile.Read(files, vocabulary), SideFile.Read(files, merges), files.Describe(merges),
                    preTokenizer ?? new Gpt2PreTokenizer(), TokenizerSettings.Read(files), warn);
            }
        }

        return null;
    }
}
