using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Unit.Training;

/// <summary>A model and a text that train in a moment.</summary>
internal static class SmallTraining
{
    public const int Vocabulary = 17;

    public static GptConfiguration Configuration { get; } =
        new() { VocabularySize = Vocabulary, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 16 };

    public static GptModel NewModel() => ModelInitializer.Create(Configuration, null, seed: 1);

    /// <summary>Ids that follow each other in no simple manner, so that batches differ.</summary>
    public static int[] Text(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (int)(RandomStream.Mix((ulong)(i / 3)) % Vocabulary))];

    public static TokenDataset NewDataset(int count = 400) => TokenDataset.Split(new TokenSequence(Text(count)));

    public static TokenBatch Batch(int start = 0, int sequenceCount = 2)
    {
        var text = Text(start + (8 * sequenceCount) + 1);
        return new(text[start..^1], text[(start + 1)..], sequenceCount, 8, tokenizerName: null);
    }

    public static float[] Weights(GptModel model) => [.. model.Weights.Tensors.SelectMany(tensor => tensor.Span.ToArray())];
}
