using System.Management.Automation;
using PsGpt.Extensions;

namespace PsGpt.Commands;

/// <summary>Removes plug-ins that were registered, so that their names are free again. The built-in ones stay.</summary>
/// <remarks>What uses a plug-in already keeps it. A loaded assembly stays loaded until the session ends.</remarks>
[Cmdlet(VerbsLifecycle.Unregister, "GptPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnregisterGptPluginCommand : GptCmdlet
{
    /// <summary>The names of the plug-ins.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PluginCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The kind of the plug-ins.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public PluginKind Kind { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
        {
            Attempt(name, () =>
            {
                if (ShouldProcess($"{Kind} '{name}'", "Unregister plug-in"))
                    PluginCatalog.Unregister(Kind, name);
            });
        }
    }
}
