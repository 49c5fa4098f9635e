using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>A sampler that is known by name.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes it for a completion; null where the options do not ask for it.</param>
public sealed class SamplerPlugin(string name, string description, Func<SamplerSetup, ISampler?> create) : IPlugin
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <summary>Makes it for a completion; null where the options do not ask for it.</summary>
    public ISampler? Create(SamplerSetup setup) => create(setup);
}
