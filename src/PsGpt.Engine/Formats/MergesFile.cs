using System.Text;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Formats;

/// <summary>GPT-2's older pair of files: <c>vocab.json</c> has the ids of the tokens, <c>merges.txt</c> a pair of tokens per line.</summary>
internal static class MergesFile
{
    public const string FileName = "merges.txt";
    public const string VocabularyName = "vocab.json";

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="vocabularyJson">The content of <c>vocab.json</c>.</param>
    /// <param name="mergesText">The content of <c>merges.txt</c>, UTF-8.</param>
    /// <param name="path">What error messages call the pair.</param>
    /// <exception cref="GptException"><c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>VocabularyInvalid</c>.</exception>
    public static BytePairTokenizer Read(ReadOnlySpan<byte> vocabularyJson, ReadOnlySpan<byte> mergesText, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(vocabularyJson);
            using var document = JsonDocument.ParseValue(ref reader);
            return new BytePairVocabularyFile(document.RootElement, path).ToTokenizer(ReadPairs(Encoding.UTF8.GetString(mergesText)));
        }
        catch (Exception exception) when (BytePairVocabularyFile.IsBroken(exception))
        {
            throw BytePairVocabularyFile.Invalid(path, exception);
        }
    }

    private static IEnumerable<string[]> ReadPairs(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Only the first line can be the comment: "#version: 0.2" is one, "# #" is a merge.
            if (!line.StartsWith("#version", StringComparison.Ordinal))
                yield return line.Split(' ');
        }
    }
}
