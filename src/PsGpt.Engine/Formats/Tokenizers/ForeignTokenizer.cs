namespace PsGpt.Formats.Tokenizers;

/// <summary>Names a file of a tokenizer of another kind, or of something else, for messages.</summary>
internal static class ForeignTokenizer
{
    private const string SentencePiece = "is of SentencePiece, which splits texts in another way";

    private const string Settings = "only changes a tokenizer: give the directory that holds both";

    private static readonly (string Name, string Kind)[] Tokenizers =
    [
        ("tokenizer.model", SentencePiece),
        ("spiece.model", SentencePiece),
        ("sentencepiece.bpe.model", SentencePiece),
        ("vocab.txt", "is of WordPiece, as BERT has it"),
        ("meta.pkl", "is nanoGPT's characters in a pickle, which can run code: make the character vocabulary from the text again"),
    ];

    private static readonly (string Name, string Kind)[] Others =
    [
        (TokenizerSettings.FileName, Settings),
        (TokenizerSettings.SpecialTokensName, Settings),
        (TokenizerSettings.AddedTokensName, Settings),
        ("config.json", "describes a model: give the directory that it is in"),
    ];

    /// <summary>The files of a directory that are a tokenizer of another kind.</summary>
    public static IEnumerable<string> Names => Tokenizers.Select(known => known.Name);

    /// <summary>A sentence about the first of some files that is known, with a space in front; nothing where none is.</summary>
    public static string Describe(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Tokenizers.Concat(Others).FirstOrDefault(known => all.Contains(known.Name)) is { Name: { } name, Kind: var kind }
            ? $" '{name}' {kind}."
            : "";
    }
}
