using System.Reflection;
using System.Runtime.Loader;
using PsGpt.Plugins;

namespace PsGpt.Extensions;

/// <summary>An assembly of plug-ins: it is loaded into the process and runs with all its rights.</summary>
public static class PluginAssembly
{
    /// <summary>
    /// Loads an assembly and registers its plug-ins: its public classes of a kind with a constructor without parameters.
    /// </summary>
    /// <param name="path">The full path of the file.</param>
    /// <returns>The plug-ins, also those that were registered before.</returns>
    /// <exception cref="GptException">
    /// <c>PluginAssemblyInvalid</c>: it is no .NET assembly, or has no plug-in. <c>PluginVersionMismatch</c>: it was compiled for another
    /// version of the interfaces. <c>PluginNameTaken</c>: nothing is registered then. <c>PluginFailed</c>: a constructor threw.
    /// </exception>
    public static IReadOnlyList<PluginInfo> Register(string path)
    {
        var assembly = Load(path);
        RequireVersion(assembly, path);
        List<(PluginKind Kind, IPlugin Plugin)> found = [.. PluginTypes(assembly, path).SelectMany(Instances)];
        if (found.Count == 0)
            throw Invalid(path, "it has no public class of a kind of plug-in with a constructor without parameters");
        var before = found.FindAll(item => PluginCatalog.Find(item.Kind, item.Plugin.Name) == item.Plugin);
        try
        {
            return found.ConvertAll(item => PluginCatalog.Register(item.Kind, item.Plugin));
        }
        catch (GptException)
        {
            var isNew = found.Except(before).Where(item => PluginCatalog.Find(item.Kind, item.Plugin.Name) == item.Plugin).ToList();
            foreach (var (kind, plugin) in isNew)
                PluginCatalog.Unregister(kind, plugin.Name);
            throw;
        }
    }

    private static Assembly Load(string path)
    {
        try
        {
            // The loader has one error for a file that it may not open and for an assembly that is loaded already.
            File.OpenHandle(path).Dispose();

            // Beside the engine, so that the plug-in's interfaces are the engine's.
            var context = AssemblyLoadContext.GetLoadContext(typeof(PluginAssembly).Assembly) ?? AssemblyLoadContext.Default;
            return context.LoadFromAssemblyPath(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Invalid(path, Directory.Exists(path) ? "it is a folder" : "you may not read it", exception);
        }
        catch (BadImageFormatException exception)
        {
            throw Invalid(path, "it is no .NET assembly", exception);
        }
        catch (FileLoadException exception)
        {
            throw Invalid(path, "an assembly of that name is loaded already from another file; start a new session", exception);
        }
    }

    private static void RequireVersion(Assembly assembly, string path)
    {
        var built = assembly.GetCustomAttribute<PluginInterfaceAttribute>()?.Version
            ?? throw Invalid(path, "it lacks [assembly: PluginInterface(PluginInterfaceAttribute.Current)]");
        if (built != PluginInterfaceAttribute.Current)
        {
            throw new GptException("PluginVersionMismatch", GptErrorKind.NotSupported,
                $"'{path}' ({assembly.GetName().Name}) was compiled for version {built} of the plug-in interfaces, but this PsGpt has "
                + $"version {PluginInterfaceAttribute.Current}. Get the plug-in for this version, or compile it again.");
        }
    }

    private static IEnumerable<Type> PluginTypes(Assembly assembly, string path)
    {
        try
        {
            return assembly.GetExportedTypes().Where(type =>
                type is { IsClass: true, IsAbstract: false } && PluginCatalog.KindsOf(type).Count > 0
                && type.GetConstructor([]) is not null);
        }
        catch (Exception exception) when (exception is IOException or TypeLoadException)
        {
            throw Invalid(path, $"it needs what is not there: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static IEnumerable<(PluginKind Kind, IPlugin Plugin)> Instances(Type type)
    {
        var guard = new PluginGuard("class", type.FullName ?? type.Name);
        var plugin = guard.Get(() => (IPlugin)type.GetConstructor([])!.Invoke(
            BindingFlags.DoNotWrapExceptions, binder: null, parameters: [], culture: null));
        guard.Require(!string.IsNullOrWhiteSpace(guard.Get(() => plugin.Name)), $"has no name");
        return PluginCatalog.KindsOf(type).Select(kind => (kind, Known(kind, plugin) ?? plugin));
    }

    /// <summary>The plug-in of the same class that is registered already.</summary>
    private static IPlugin? Known(PluginKind kind, IPlugin plugin) => PluginCatalog.Find(kind, plugin.Name) is { } known
        && known.GetType() == plugin.GetType() ? known : null;

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new(
        "PluginAssemblyInvalid", GptErrorKind.InvalidData, $"'{path}' cannot be used as a plug-in: {problem}.", inner);
}
