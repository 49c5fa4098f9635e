using PsGpt.Data;
using PsGpt.Formats.Llmc;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Evaluation;

/// <summary>
/// Repeats llm.c's <c>test_gpt2.c</c>: compares the logits, the loss and all gradients of one batch with PyTorch's, then the losses of
/// ten steps of AdamW on that batch.
/// </summary>
public static class DebugStateComparison
{
    private const float LogitTolerance = 1e-2f;
    private const float LossTolerance = 1e-2f;
    private const float GradientTolerance = 2e-2f;
    private const long Gpt2ParameterCount = 124_439_808;

    // test_gpt2.c: gpt2_update(&model, 1e-4f, 0.9f, 0.999f, 1e-8f, 0.01f, step + 1), without clipping.
    private static readonly TrainerOptions Options = new()
    {
        LearningRate = 1e-4f, AdamW = new() { Beta2 = 0.999f }, WeightDecay = 0.01f, DecayAll = true, ClipNorm = 0, Dropout = 0,
    };

    /// <summary>The losses that <c>test_gpt2.c</c> expects of GPT-2 124M.</summary>
    public static IReadOnlyList<float> Gpt2Losses { get; } =
    [
        5.270007133483887f, 4.059706687927246f, 3.3751230239868164f, 2.8007826805114746f, 2.315382242202759f,
        1.8490285873413086f, 1.3946564197540283f, 0.9991465210914612f, 0.6240804195404053f, 0.37651097774505615f,
    ];

    /// <summary>Compares a model with its debug state. The model does not change: the steps train a copy.</summary>
    /// <param name="model">The model that the state was written with.</param>
    /// <param name="state">The state.</param>
    /// <param name="expectedLosses">
    /// The losses of the steps, the first before any update. Null expects those of GPT-2 124M from a model of that size, and takes no
    /// step with any other.
    /// </param>
    /// <param name="cancellationToken">Stops the call within a layer's work.</param>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>, <c>TrainingDiverged</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static IEnumerable<ReferenceDifference> Run(
        GptModel model, LlmcDebugState state, IReadOnlyList<float>? expectedLosses = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        var batch = new TokenBatch([.. state.Inputs], [.. state.Targets], state.BatchSize, state.SequenceLength, tokenizerName: null);
        var losses = expectedLosses ?? (model.Configuration.ParameterCount == Gpt2ParameterCount ? Gpt2Losses : []);
        return [.. Gradients(model, batch, state, cancellationToken), .. Losses(model, batch, losses, cancellationToken)];
    }

    private static List<ReferenceDifference> Gradients(
        GptModel model, TokenBatch batch, LlmcDebugState state, CancellationToken cancellationToken)
    {
        using var pass = new GptPass(model, batch.BatchSize, batch.SequenceLength);
        var logits = new float[state.Logits.Length];
        pass.ComputeLogits(batch.Inputs, logits, cancellationToken);
        var loss = pass.ComputeGradients(batch, dropoutRate: 0, cancellationToken: cancellationToken);
        var results = new List<ReferenceDifference>
        {
            new("logits", LargestDifference(state.Logits.Span, logits), LogitTolerance),
            new("loss", LargestDifference([state.Loss], [loss]), LossTolerance),
        };
        foreach (var (expected, actual) in state.Gradients.Tensors.Zip(pass.Gradients.Tensors))
        {
            // The rows of the padding hold nothing.
            var rows = expected.Shape.Role == TensorRole.TokenEmbedding ? model.Configuration.VocabularySize : expected.Sizes[0];
            var difference = 0f;
            for (var row = 0; row < rows; row++)
                difference = MathF.Max(difference, LargestDifference(expected.Slice(row), actual.Slice(row)));
            results.Add(new ReferenceDifference($"d{expected.Name}", difference, GradientTolerance));
        }

        return results;
    }

    private static List<ReferenceDifference> Losses(
        GptModel model, TokenBatch batch, IReadOnlyList<float> expected, CancellationToken cancellationToken)
    {
        var results = new List<ReferenceDifference>();
        if (expected.Count == 0)
            return results;
        using var occupation = model.BeginCopy();
        using var copy = new GptModel(model.Configuration, model.Tokenizer, model.Name);
        foreach (var (source, target) in model.Weights.Tensors.Zip(copy.Weights.Tensors))
        {
            for (var row = 0; row < source.Sizes[0]; row++)
                source.Slice(row).CopyTo(target.Slice(row));
        }

        using var trainer = new Trainer(copy, Options);
        for (var step = 0; step < expected.Count; step++)
        {
            var difference = LargestDifference([expected[step]], [trainer.Step(batch, cancellationToken).Loss]);
            results.Add(new ReferenceDifference($"loss of step {step + 1}", difference, LossTolerance));
        }

        return results;
    }

    /// <summary>The largest absolute difference; NaN if one of the values is NaN.</summary>
    private static float LargestDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var largest = 0f;
        for (var i = 0; i < expected.Length; i++)
            largest = MathF.Max(largest, MathF.Abs(expected[i] - actual[i]));
        return largest;
    }
}
