using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The configuration of weights that came without <c>config.json</c>, where their shapes tell all of it.</summary>
internal static class ShapeConfiguration
{
    /// <summary>
    /// Tells the configuration of gpt.py's weights, which are one matrix per head. Those of GPT-2 do not tell how many heads there are.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="path">What error messages call their file.</param>
    /// <exception cref="GptException"><c>ConfigurationFileMissing</c>, <c>ConfigurationInvalid</c>, <c>TensorMissing</c>.</exception>
    public static GptConfiguration Read(HuggingFaceWeights weights, string path)
    {
        if (!GptPyTensors.Are(weights.Names))
            throw Missing(weights, path);
        var configuration = new GptConfiguration
        {
            VocabularySize = Size(weights, GptPyTensors.TokenEmbeddingName, 0),
            ContextLength = Size(weights, GptPyTensors.PositionEmbeddingName, 0),
            LayerCount = Count(weights, "blocks.", ".ln1.weight"),
            HeadCount = Count(weights, "blocks.0.sa.heads.", ".key.weight"),
            ChannelCount = Size(weights, GptPyTensors.TokenEmbeddingName, 1),
            Activation = ActivationFunction.Relu,
            HasQueryKeyValueBias = false,
            HasTiedHead = false,
            HasHeadBias = true,
        };
        configuration.Validate();
        return configuration;
    }

    private static int Size(HuggingFaceWeights weights, string name, int dimension)
    {
        var shape = weights.ShapeOf(name);
        return shape.Length == 2 ? (int)Math.Min(shape[dimension], int.MaxValue) : 0;
    }

    private static int Count(HuggingFaceWeights weights, string beginning, string ending) =>
        weights.Names.Count(
            name => name.StartsWith(beginning, StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal));

    private static GptException Missing(HuggingFaceWeights weights, string path)
    {
        var advice = "Give the directory or file of a model with config.json beside it.";
        if (weights.Names.Contains(HuggingFaceTensors.TokenEmbeddingName) && weights.Names.Contains("wpe.weight")
            && weights.ShapeOf(HuggingFaceTensors.TokenEmbeddingName) is [var rows, _]
                && weights.ShapeOf("wpe.weight") is [var positions, var channels])
        {
            advice = "Write one, with the number of heads, which the weights do not tell, and \"gelu\" for nanoGPT's: "
                + $"{{\"vocab_size\": {rows}, \"n_positions\": {positions}, \"n_embd\": {channels}, "
                + $"\"n_layer\": {Count(weights, "h.", ".ln_1.weight")}, \"n_head\": …, \"activation_function\": \"gelu_new\"}}";
        }

        return new("ConfigurationFileMissing", GptErrorKind.NotFound,
            $"'{path}' is a safetensors file, but there is no config.json beside it. {advice}");
    }
}
