namespace PsGpt.Plugins;

/// <summary>A plug-in that makes an object for each use, such as an optimizer for a run.</summary>
/// <typeparam name="TSetup">The use that the object is made for.</typeparam>
/// <typeparam name="TProduct">The object.</typeparam>
/// <param name="kind">The word for the kind in error messages, such as <c>optimizer</c>.</param>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes the object; null if the setup does not ask for one.</param>
public abstract class PluginFactory<TSetup, TProduct>(string kind, string name, string description, Func<TSetup, TProduct?> create)
    : NamedPlugin(name, description)
    where TProduct : class
{
    private protected override object Code => create;

    /// <summary>The setup as another assembly gets it: with nothing that a call which never returns could harm.</summary>
    private protected virtual TSetup Isolate(TSetup setup) => setup;

    /// <summary>Wraps an object that another assembly made, so that its failures name the plug-in.</summary>
    private protected abstract TProduct Guard(TProduct product, PluginGuard guard, TSetup setup);

    /// <summary>Makes the object; null if the setup does not ask for one.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: the plug-in threw.</exception>
    private protected TProduct? TryMake(TSetup setup)
    {
        if (!PluginGuard.IsForeign(create))
            return create(setup);
        var staysOnThread = PluginGuard.StaysOnThread(this) || PluginGuard.StaysOnThread(create);
        var guard = new PluginGuard(kind, Name, staysOnThread);
        var given = Isolate(setup);
        TProduct? product = null;
        guard.Run(() => product = create(given));
        return product is null
            ? null
            : Guard(product, new PluginGuard(kind, Name, staysOnThread || PluginGuard.StaysOnThread(product)), given);
    }

    /// <summary>Makes the object.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: the plug-in threw, or made nothing.</exception>
    private protected TProduct Make(TSetup setup)
    {
        var product = TryMake(setup);
        new PluginGuard(kind, Name).Require(product is not null, $"made no {kind}");
        return product!;
    }
}
