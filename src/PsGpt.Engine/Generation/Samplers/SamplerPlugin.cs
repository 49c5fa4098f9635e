using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>A sampler that is known by name.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes it for a completion; null where the options do not ask for it.</param>
public class SamplerPlugin(string name, string description, Func<SamplerSetup, ISampler?> create)
    : PluginFactory<SamplerSetup, ISampler>("sampler", name, description, create)
{
    /// <summary>Makes it for a completion; null where the options do not ask for it.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: it is of another assembly, and threw.</exception>
    public ISampler? Create(SamplerSetup setup) => TryMake(setup with
    {
        Arguments = new PluginArguments(this, setup.PluginParameter),
    });

    private protected override ISampler Guard(ISampler product, PluginGuard guard, SamplerSetup setup) =>
        new GuardedSampler(product, guard);
}
