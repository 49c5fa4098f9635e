using System.Globalization;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Inspection;

/// <summary>
/// Every intermediate result of a forward pass over a text as a tensor with values of its own, by the names of llm.c
/// (<c>ActivationTensors</c> in train_gpt2.c), one layer at a time: <c>encoded</c>, <c>h.3.att</c>, <c>logits</c>.
/// </summary>
/// <remarks>
/// Legend: T tokens, C channels, NH heads, V vocabulary. Tokens and the vocabulary are labelled with their texts, heads with
/// their numbers. <c>att</c> is (NH,T,T): head, token of the query, token of the key. Names are llm.c's whatever the variant:
/// <c>fch_gelu</c> is the output of the model's activation function.
/// </remarks>
public static unsafe class ModelActivations
{
    private static readonly string[] LayerNames =
    [
        "ln1", "ln1_mean", "ln1_rstd", "qkv", "atty", "preatt", "att", "attproj", "residual2",
        "ln2", "ln2_mean", "ln2_rstd", "fch", "fch_gelu", "fcproj", "residual3",
    ];

    /// <summary>The names of all activations of a model, in the order in which they are computed.</summary>
    public static IReadOnlyList<string> NamesOf(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return
        [
            "encoded",
            .. Enumerable.Range(0, model.Configuration.LayerCount).SelectMany(layer => LayerNames.Select(name => $"h.{layer}.{name}")),
            "lnf", "lnf_mean", "lnf_rstd", "logits", "probs",
        ];
    }

    /// <summary>Reads a text and gives the activations, in the order of <see cref="NamesOf"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The text, in the ids of the model; at most its context length.</param>
    /// <param name="isWanted">Chooses by the name; null for all. Attention probabilities and logits are computed where wanted.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <exception cref="GptException"><c>TextEmpty</c>, <c>SequenceTooLong</c>, <c>TokenOutsideVocabulary</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static IReadOnlyList<GptTensor> Compute(
        GptModel model, ReadOnlySpan<int> tokens, Func<string, bool>? isWanted = null, CancellationToken cancellationToken = default)
    {
        var wanted = NamesOf(model).Where(isWanted ?? (_ => true)).ToArray();
        var axis = new TensorAxis("token", TokenTexts.Of(model, tokens));
        var found = new List<GptTensor>(wanted.Length);
        using var section = model.BeginRead();
        using var pass = new InspectedPass(model, tokens.Length);
        pass.Run(tokens, cancellationToken);
        foreach (var name in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(name.Split('.') is [_, var layer, var inLayer]
                ? ReadLayer(pass, model.Configuration, axis, name, int.Parse(layer, CultureInfo.InvariantCulture), inLayer)
                : ReadOuter(pass, model, axis, name));
        }

        return found;
    }

    /// <summary>Checks the numbers of layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The numbers, the first layer being 0.</param>
    /// <exception cref="GptException"><c>LayerNotFound</c>.</exception>
    public static void RequireLayers(GptModel model, IEnumerable<int> layers)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var layer in layers)
        {
            if ((uint)layer >= (uint)model.Configuration.LayerCount)
            {
                throw new GptException("LayerNotFound", GptErrorKind.NotFound,
                    $"There is no layer {layer} in the model '{model.Name}', whose layers are 0 to {model.Configuration.LayerCount - 1}.");
            }
        }
    }

    private static GptTensor ReadOuter(InspectedPass pass, GptModel model, TensorAxis tokens, string name)
    {
        var (C, vocabulary, activations) = (model.Configuration.ChannelCount, VocabularyLabels.AxisOf(model), pass.Activations);
        return name switch
        {
            "encoded" => Rows(name, tokens, activations.Embedded.Pointer, C),
            "lnf" => Rows(name, tokens, activations.FinalNorm.Pointer, C),
            "lnf_mean" => Values(name, tokens, activations.FinalMean.Pointer),
            "lnf_rstd" => Values(name, tokens, activations.FinalRstd.Pointer),
            "logits" => Owned(name, pass.ComputeLogits(), tokens, vocabulary),
            "probs" => Owned(name, Probabilities(pass), tokens, vocabulary),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, message: null),
        };
    }

    private static GptTensor ReadLayer(
        InspectedPass pass, GptConfiguration configuration, TensorAxis tokens, string name, int layer, string inLayer)
    {
        ref readonly var values = ref pass.Activations.Layers[layer];
        var C = configuration.ChannelCount;
        return inLayer switch
        {
            "ln1" => Rows(name, tokens, values.Norm1, C),
            "ln1_mean" => Values(name, tokens, values.Mean1),
            "ln1_rstd" => Values(name, tokens, values.Rstd1),
            "qkv" => Rows(name, tokens, values.QueryKeyValue, 3 * C),
            "atty" => Rows(name, tokens, values.Attention, C),
            "preatt" => Attention(name, tokens, values.QueryKeyValue, configuration, isProbability: false),
            "att" => Attention(name, tokens, values.QueryKeyValue, configuration, isProbability: true),
            "attproj" => Rows(name, tokens, pass.ComputeAttentionProjection(layer), C),
            "residual2" => Rows(name, tokens, values.ResidualMid, C),
            "ln2" => Rows(name, tokens, values.Norm2, C),
            "ln2_mean" => Values(name, tokens, values.Mean2),
            "ln2_rstd" => Values(name, tokens, values.Rstd2),
            "fch" => Rows(name, tokens, values.FeedForwardUp, configuration.FeedForwardWidth),
            "fch_gelu" => Rows(name, tokens, values.FeedForwardActivated, configuration.FeedForwardWidth),
            "fcproj" => Rows(name, tokens, pass.ComputeFeedForwardProjection(layer), C),
            "residual3" => Rows(name, tokens, values.ResidualOut, C),
            _ => throw new ArgumentOutOfRangeException(nameof(inLayer), inLayer, message: null),
        };
    }

    private static GptTensor Attention(
        string name, TensorAxis tokens, float* queryKeyValue, GptConfiguration configuration, bool isProbability)
    {
        var (NH, T) = (configuration.HeadCount, tokens.Labels!.Count);
        var (scores, probabilities) = (new float[checked(NH * T * T)], new float[checked(NH * T * T)]);
        fixed (float* scorePointer = scores, probabilityPointer = probabilities)
        {
            AttentionProbabilities.Compute(
                scorePointer, probabilityPointer, queryKeyValue, B: 1, T, NH, configuration.ChannelCount);
        }

        string[] heads = [.. Enumerable.Range(0, NH).Select(head => head.ToString(CultureInfo.InvariantCulture))];
        return Owned(
            name, isProbability ? probabilities : scores,
            new TensorAxis("head", heads), tokens with { Name = "query" }, tokens with { Name = "key" });
    }

    private static float[] Probabilities(InspectedPass pass)
    {
        var values = pass.ComputeLogits();
        fixed (float* pointer = values)
            Losses.Softmax(pointer, pointer, pass.Length, values.Length / pass.Length);
        return values;
    }

    private static GptTensor Rows(string name, TensorAxis tokens, float* values, int width) =>
        Rows(name, tokens, new ReadOnlySpan<float>(values, checked(tokens.Labels!.Count * width)).ToArray(), width);

    private static GptTensor Rows(string name, TensorAxis tokens, float[] values, int width) =>
        Activation(name, values, [tokens.Labels!.Count, width], [tokens, new TensorAxis("channel")]);

    private static GptTensor Values(string name, TensorAxis tokens, float* values) =>
        Owned(name, new ReadOnlySpan<float>(values, tokens.Labels!.Count).ToArray(), tokens);

    private static GptTensor Owned(string name, float[] values, params TensorAxis[] axes) =>
        Activation(name, values, [.. axes.Select(axis => axis.Labels!.Count)], axes);

    private static GptTensor Activation(string name, float[] values, int[] sizes, TensorAxis[] axes) =>
        new(name, role: "Activation", new TensorMemory.Managed(values), TensorLayout.RowMajor(sizes), axes);
}
