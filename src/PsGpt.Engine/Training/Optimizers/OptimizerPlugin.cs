using PsGpt.Plugins;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>An optimizer that is known by name.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes the optimizer for a model.</param>
/// <param name="options">The groups of options that the optimizer reads, such as <see cref="AdamWOptions"/>; null for all of them.</param>
public class OptimizerPlugin(string name, string description, Func<OptimizerSetup, IOptimizer> create, params Type[]? options)
    : PluginFactory<OptimizerSetup, IOptimizer>("optimizer", name, description, create)
{
    private static readonly Type[] AllOptions = [typeof(AdamWOptions), typeof(MuonOptions), typeof(SgdOptions)];

    /// <summary>
    /// Whether the optimizer needs all values of a tensor's layer at once, as those do that see matrices. Where several processes train
    /// together, other tensors are divided at any value. True for all tensors unless it is given.
    /// </summary>
    public Func<TensorShape, bool> NeedsWholeLayers { get; init; } = _ => true;

    /// <summary>Makes the optimizer for a model.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: it is of another assembly, and threw.</exception>
    public IOptimizer Create(OptimizerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        setup.Arguments = new PluginArguments(this, setup.Options.PluginParameter);
        return Make(setup);
    }

    /// <summary>Whether an option has an effect with this optimizer: false for one that only other optimizers read.</summary>
    /// <param name="option">The name of an option.</param>
    public bool Uses(string option) =>
        options is not { Length: > 0 } || options.Any(group => IsIn(option, group)) || !AllOptions.Any(group => IsIn(option, group));

    private protected override OptimizerSetup Isolate(OptimizerSetup setup) => setup.OnCopies();

    private protected override IOptimizer Guard(IOptimizer product, PluginGuard guard, OptimizerSetup setup) =>
        new GuardedOptimizer(product, guard, setup);

    private static bool IsIn(string option, Type group) => OptionNames.In(group).Contains(option, StringComparer.OrdinalIgnoreCase);
}
