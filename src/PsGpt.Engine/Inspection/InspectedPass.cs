using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Inspection;

/// <summary>
/// A forward pass over one text that keeps the results of all layers. It runs the kernels of <see cref="GptPass"/> in the same
/// order, so the logits have the same bits. Make it and use it within one reading section of the model.
/// </summary>
internal sealed unsafe class InspectedPass : IDisposable
{
    private readonly IKernels kernels = KernelCatalog.Default;
    private readonly GptConfiguration configuration;
    private readonly GptParameters parameters;
    private readonly LanguageModelHead head;

    /// <summary>Allocates the memory.</summary>
    /// <exception cref="GptException"><c>TextEmpty</c>, <c>SequenceTooLong</c>, <c>OutOfMemory</c>.</exception>
    public InspectedPass(GptModel model, int length)
    {
        if (length == 0)
        {
            throw new GptException("TextEmpty", GptErrorKind.InvalidArgument,
                "The text is empty, so there is nothing for the model to read. Give at least one token.");
        }

        GptPass.CheckShape(model, batchSize: 1, length);
        (configuration, Length) = (model.Configuration, length);
        parameters = new GptParameters(model.Weights, configuration);
        Activations = new Activations(configuration, length, forTraining: true);
        head = new LanguageModelHead(configuration, parameters, Activations, kernels, kernels, length);
    }

    /// <summary>T, the number of tokens.</summary>
    public int Length { get; }

    public Activations Activations { get; }

    /// <param name="tokens">Token ids (T).</param>
    /// <param name="cancellationToken">Stops the pass within one layer's work.</param>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public void Run(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        TokenCheck.RequireInVocabulary(tokens, configuration.VocabularySize);
        var forward = new ForwardPass(configuration, parameters, Activations, kernels, kernels, batchSize: 1, Length);
        fixed (int* ids = tokens)
            forward.Run(ids, DropoutMasks.None, cancellationToken);
    }

    /// <summary>The logits (T,V) of the model.</summary>
    public float[] ComputeLogits()
    {
        var logits = new float[checked(Length * configuration.VocabularySize)];
        fixed (float* output = logits)
            head.ComputeLogits(output);
        return logits;
    }

    /// <summary>
    /// The logits (T,V) that the model would have if a layer were its last one (the logit lens, nostalgebraist 2020). They replace
    /// the final norm.
    /// </summary>
    public float[] ComputeLogitsAfter(int layer)
    {
        kernels.LayerNormForward(
            Activations.FinalNorm.Pointer, Activations.FinalMean.Pointer, Activations.FinalRstd.Pointer,
            Activations.Layers[layer].ResidualOut, parameters.FinalNormWeight, parameters.FinalNormBias,
            Length, configuration.ChannelCount, configuration.LayerNormEpsilon);
        return ComputeLogits();
    }

    /// <summary>The output (T,C) of a layer's attention branch, before it is added to the residual stream.</summary>
    public float[] ComputeAttentionProjection(int layer)
    {
        ref readonly var weights = ref parameters.Layers[layer];
        return Multiply(
            Activations.Layers[layer].Attention, weights.AttentionProjectionWeight, weights.AttentionProjectionBias,
            configuration.ChannelCount);
    }

    /// <summary>The output (T,C) of a layer's feed-forward branch, before it is added to the residual stream.</summary>
    public float[] ComputeFeedForwardProjection(int layer)
    {
        ref readonly var weights = ref parameters.Layers[layer];
        return Multiply(
            Activations.Layers[layer].FeedForwardActivated, weights.FeedForwardDownWeight, weights.FeedForwardDownBias,
            configuration.FeedForwardWidth);
    }

    public void Dispose()
    {
        head.Dispose();
        Activations.Dispose();
    }

    private float[] Multiply(float* input, float* weight, float* bias, int inputCount)
    {
        var C = configuration.ChannelCount;
        var result = new float[checked(Length * C)];
        fixed (float* output = result)
            kernels.MatMulForward(output, input, weight, bias, residual: null, new(Length, inputCount, C));
        return result;
    }
}
