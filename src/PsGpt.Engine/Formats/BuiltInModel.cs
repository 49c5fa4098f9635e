using PsGpt.Formats.HuggingFace;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats;

/// <summary>The small model that comes with the engine: it tells stories of a forest, in a vocabulary of its own.</summary>
public static class BuiltInModel
{
    private const string Name = "story";

    /// <summary>Makes a fresh copy of the model, to train or to change; it is yours to dispose.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <param name="dataType">How it keeps its matrices: <c>Float32</c>, <c>BFloat16</c> or <c>Q8_0</c>.</param>
    public static GptModel Load(CancellationToken cancellationToken = default, WeightDataType dataType = WeightDataType.Float32) =>
        HuggingFaceFormat.Read(
            new ResourceSource(typeof(BuiltInModel).Assembly, Name), Name, new ModelReadOptions { DataType = dataType }, cancellationToken);
}
