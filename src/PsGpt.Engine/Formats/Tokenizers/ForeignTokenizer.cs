namespace PsGpt.Formats.Tokenizers;

/// <summary>Names a file of a tokenizer of another kind, or of something else, for messages.</summary>
internal static class ForeignTokenizer
{
    private const string SentencePiece = "is of SentencePiece, which splits texts in another way";

    private static readonly (string Name, string Kind)[] Known =
    [
        ("tokenizer.model", SentencePiece),
        ("spiece.model", SentencePiece),
        ("sentencepiece.bpe.model", SentencePiece),
        ("vocab.txt", "is of WordPiece, as BERT has it"),
        ("meta.pkl", "is nanoGPT's characters in a pickle, which can run code: make the character vocabulary from the text again"),
        (TokenizerSettings.FileName, "only changes a tokenizer: give the directory that holds both"),
        (TokenizerSettings.SpecialTokensName, "only changes a tokenizer: give the directory that holds both"),
        (TokenizerSettings.AddedTokensName, "only changes a tokenizer: give the directory that holds both"),
        ("config.json", "describes a model: give the directory that it is in"),
    ];

    /// <summary>The files of a directory that are a tokenizer of another kind.</summary>
    public static IEnumerable<string> Names => Known.Take(5).Select(known => known.Name);

    /// <summary>A sentence about the first of some files that is known, with a space in front; nothing where none is.</summary>
    public static string Describe(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Known.FirstOrDefault(known => all.Contains(known.Name)) is { Name: { } name, Kind: var kind } ? $" '{name}' {kind}." : "";
    }
}
