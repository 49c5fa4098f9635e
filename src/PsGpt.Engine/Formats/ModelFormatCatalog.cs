using PsGpt.Formats.Gguf;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Llmc;
using PsGpt.Plugins;

namespace PsGpt.Formats;

/// <summary>The formats of models that are known by name.</summary>
public static class ModelFormatCatalog
{
    static ModelFormatCatalog()
    {
        Registry.Register(new GgufFormat());
        Registry.Register(new HuggingFaceFormat());
        Registry.Register(new LlmcFormat());
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<IModelFormat> Registry { get; } = new("model format", plugin => new GuardedModelFormat(plugin));
}
