using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Makes a byte-pair vocabulary from a text: again and again the most frequent pair of neighbours becomes a token (Sennrich et
/// al. 2016, algorithm 1, over bytes). Feed it the text, then train. Deterministic: among equals the pair of the lower ids wins.
/// </summary>
public sealed class BytePairTrainer
{
    private const int ByteCount = BytePairVocabulary.ByteCount;

    private readonly IPreTokenizer preTokenizer;
    private readonly PendingText pending = new();
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup;

    /// <summary>Makes a trainer.</summary>
    /// <param name="preTokenizer">What cuts texts into pre-tokens; GPT-2's where it is null.</param>
    public BytePairTrainer(IPreTokenizer? preTokenizer = null)
    {
        this.preTokenizer = preTokenizer ?? new Gpt2PreTokenizer();
        lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Adds a whole text; its pre-tokens do not reach into the next one.</summary>
    public void Add(ReadOnlySpan<char> text) => Count(text, isEnd: true);

    /// <summary>Adds the next part of a text that comes in parts; the vocabulary is the one of the whole text.</summary>
    public void Append(ReadOnlySpan<char> text) => pending.Append(text, Count);

    /// <summary>Ends the text that came in parts.</summary>
    public void EndText() => pending.Finish(Count);

    /// <summary>Trains a vocabulary on what was added.</summary>
    /// <param name="vocabularySize">The number of tokens: 256 bytes, the merges, and the end of text. At least 257.</param>
    /// <param name="cancellationToken">Stops the call within one merge.</param>
    /// <returns>The tokenizer; its vocabulary is smaller where the text has no more pairs that occur twice.</returns>
    /// <exception cref="GptException"><c>VocabularySizeInvalid</c>, <c>TextEmpty</c>.</exception>
    public BytePairTokenizer Train(int vocabularySize, CancellationToken cancellationToken = default)
    {
        if (vocabularySize is < ByteCount + 1 or > 1 << 20)
        {
            throw new GptException("VocabularySizeInvalid", GptErrorKind.InvalidArgument,
                $"A byte-pair vocabulary of {vocabularySize} tokens cannot be made: it holds the 256 bytes and the end of text. "
                + "Give 257 to 1048576.");
        }

        if (counts.Count == 0)
        {
            throw new GptException("TextEmpty", GptErrorKind.InvalidArgument,
                "A vocabulary cannot be made from an empty text. Give the text that the model will be trained on.");
        }

        var words = new PairCounts(counts.Select(preToken => (Encoding.UTF8.GetBytes(preToken.Key), preToken.Value)));
        var merges = new List<(int Left, int Right)>();
        while (ByteCount + merges.Count + 1 < vocabularySize && words.TryTakeMostFrequent(out var pair))
        {
            cancellationToken.ThrowIfCancellationRequested();
            words.Merge(pair, ByteCount + merges.Count);
            merges.Add(pair);
        }

        byte[] byteOrder = [.. Enumerable.Range(0, ByteCount).Select(value => (byte)value)];
        return new BytePairTokenizer(byteOrder, merges, preTokenizer, endOfText: true);
    }

    private int Count(ReadOnlySpan<char> text, bool isEnd)
    {
        var preTokens = new PreTokenReader(preTokenizer, text, isEnd);
        while (preTokens.Read())
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, preTokens.Rest[..preTokens.PreTokenLength], out _)++;
        return preTokens.Position;
    }
}
