using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>An optimizer that is known by name.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes it for a model.</param>
public sealed class OptimizerPlugin(string name, string description, Func<OptimizerSetup, IOptimizer> create) : IPlugin
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <summary>Makes it for a model.</summary>
    public IOptimizer Create(OptimizerSetup setup) => create(setup);
}
