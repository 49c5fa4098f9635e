using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.StoryModel;

/// <summary>
/// Batches whose rows begin where a story begins, as a text does that the model is asked to write. Rows from anywhere would often
/// hold the names of two stories, and a small model would need far longer to learn whose turn it is.
/// </summary>
internal sealed class StoryBatcher(Tokenizer tokenizer, int batchSize, int sequenceLength, ulong seed)
{
    private readonly RandomStream random = new(seed);
    private readonly List<int> tokens = [];
    private readonly List<int> starts = [];

    /// <summary>Adds a story, ended by the token that ends a text.</summary>
    public void Add(string story)
    {
        starts.Add(tokens.Count);
        tokenizer.Encode(story, isEnd: true, tokens);
        tokens.Add(tokenizer.EndOfTextToken!.Value);
    }

    public int TokenCount => tokens.Count;

    public TokenBatch Next()
    {
        var inputs = new int[batchSize * sequenceLength];
        var targets = new int[batchSize * sequenceLength];
        for (var row = 0; row < batchSize; row++)
        {
            var start = Math.Min(starts[random.NextInt32(starts.Count)], tokens.Count - sequenceLength - 1);
            tokens.CopyTo(start, inputs, row * sequenceLength, sequenceLength);
            tokens.CopyTo(start + 1, targets, row * sequenceLength, sequenceLength);
        }

        return new TokenBatch(inputs, targets, batchSize, sequenceLength, tokenizer.Name);
    }
}
