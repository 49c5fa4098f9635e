using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>
/// The names of ng-video-lecture's gpt.py for its tensors: queries, keys and values are one matrix (head size, C) per head.
/// </summary>
internal static class GptPyTensors
{
    /// <summary>The name of the token embedding.</summary>
    public const string TokenEmbeddingName = "token_embedding_table.weight";

    /// <summary>The name of the position embedding.</summary>
    public const string PositionEmbeddingName = "position_embedding_table.weight";

    /// <summary>Whether the names of a file are gpt.py's.</summary>
    public static bool Are(IReadOnlyCollection<string> names) => names.Contains(TokenEmbeddingName);

    /// <summary>The tensors of a model.</summary>
    public static IEnumerable<TensorMapping> Of(GptModel model)
    {
        var (set, c) = (model.Storage, model.Configuration);
        yield return TensorMapping.Matrix(set, TokenEmbeddingName, "wte", c.VocabularySize, c.ChannelCount);
        yield return TensorMapping.Matrix(set, PositionEmbeddingName, "wpe", c.ContextLength, c.ChannelCount);
        (string Name, string Tensor, bool IsTransposed)[] layerNames =
        [
            ("ln1.weight", "ln1w", false),
            ("ln1.bias", "ln1b", false),
            ("sa.proj.weight", "attprojw", false),
            ("sa.proj.bias", "attprojb", false),
            ("ln2.weight", "ln2w", false),
            ("ln2.bias", "ln2b", false),
            ("ffwd.net.0.weight", "fcw", false),
            ("ffwd.net.0.bias", "fcb", false),
            ("ffwd.net.2.weight", "fcprojw", false),
            ("ffwd.net.2.bias", "fcprojb", false),
        ];
        foreach (var mapping in TensorMapping.Layers(model, layerNames, "blocks"))
            yield return mapping;
        string[] parts = ["query", "key", "value"];
        for (var layer = 0; layer < c.LayerCount; layer++)
        {
            for (var row = 0; row < 3 * c.ChannelCount; row += c.HeadSize)
            {
                var name = $"blocks.{layer}.sa.heads.{row % c.ChannelCount / c.HeadSize}.{parts[row / c.ChannelCount]}.weight";
                var offset = (((nint)layer * 3 * c.ChannelCount) + row) * c.ChannelCount;
                yield return new(name, c.HeadSize, c.ChannelCount, set["qkvw"], offset, IsVector: false, IsTransposed: false);
            }
        }

        foreach (var mapping in HuggingFaceTensors.Head(model))
            yield return mapping;
    }
}
