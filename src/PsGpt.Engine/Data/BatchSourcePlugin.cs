using PsGpt.Plugins;

namespace PsGpt.Data;

/// <summary>A way to take batches from a text that is known by name.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes a data loader for a text.</param>
public class BatchSourcePlugin(string name, string description, Func<BatchSourceSetup, IDataLoader> create)
    : PluginFactory<BatchSourceSetup, IDataLoader>("batch source", name, description, create)
{
    /// <summary>Makes a data loader for a text.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: it is of another assembly, and threw.</exception>
    public IDataLoader Create(BatchSourceSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return Make(setup with { Arguments = new PluginArguments(this, setup.PluginParameter) });
    }

    private protected override IDataLoader Guard(IDataLoader product, PluginGuard guard, BatchSourceSetup setup) =>
        new GuardedDataLoader(product, guard, setup);
}
