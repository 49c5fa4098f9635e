using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using PsGpt.Formats;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>
/// The built-in model for cmdlets that only read it, loaded once for each runspace. It never leaves the cmdlets: a user who wants
/// to train it gets one of his own from <c>Import-GptModel</c>.
/// </summary>
public sealed class BuiltInModelCache : IModuleAssemblyCleanup
{
    // The keys are held weakly: the model of a runspace that is gone is freed with it.
    private static readonly ConditionalWeakTable<Runspace, GptModel> Models = [];

    /// <summary>The built-in model of the current runspace. Do not train it, do not dispose it.</summary>
    internal static GptModel Get() => Models.GetValue(Runspace.DefaultRunspace, static _ => BuiltInModel.Load());

    /// <summary>Frees the models that cmdlets keep when the module is removed.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is not { } runspace)
            return;
        ModelPathCache.Forget(runspace);
        if (Models.TryGetValue(runspace, out var model))
        {
            Models.Remove(runspace);
            model.Dispose();
        }
    }
}
