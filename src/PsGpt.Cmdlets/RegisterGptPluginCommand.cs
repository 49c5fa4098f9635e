using System.Management.Automation;
using PsGpt.Extensions;

namespace PsGpt.Commands;

/// <summary>
/// Registers plug-ins of your own for this session: those in an assembly, or a script block. From then on their names can be used as the
/// built-in ones are.
/// </summary>
/// <remarks>
/// The public classes of an assembly (.dll) are its plug-ins, where they are of a kind and have a constructor without parameters. It is
/// loaded into this process and runs with all its rights, as any module does: register what you trust. It stays loaded until the session
/// ends. To register the same plug-in again changes nothing.
/// </remarks>
[Cmdlet(VerbsLifecycle.Register, "GptPlugin", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(PluginInfo))]
public sealed class RegisterGptPluginCommand : FileCmdlet
{
    private const string BlockSet = "ScriptBlock";

    /// <summary>The kind of a script block: Sampler, Schedule, StepObserver, BatchSource or TextSplitter.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BlockSet)]
    public PluginKind Kind { get; set; }

    /// <summary>The name of a script block.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BlockSet)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>
    /// The block. A Sampler gets <c>$logits, $tokens</c> and gives or changes the logits; a Schedule gets <c>$progress, $decayFraction</c>
    /// and gives a factor from 0 to 1; a StepObserver gets <c>$observation</c>; a BatchSource gets <c>$tokenCount, $batchSize,
    /// $sequenceLength, $number</c> and gives the start of each row; a TextSplitter gets <c>$text, $isEnd</c> and gives the length of the
    /// first piece. Parameters behind those are the plug-in's own.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = BlockSet)]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>One sentence about a script block.</summary>
    [Parameter(ParameterSetName = BlockSet)]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>Emits the registered plug-ins.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => ParameterSetName == BlockSet ? Name : Path ?? LiteralPath;

    /// <inheritdoc/>
    protected override void Process()
    {
        PluginConsole.Watch();
        if (ParameterSetName == BlockSet)
        {
            if (ShouldProcess($"{Kind} '{Name}'", "Register plug-in"))
                Write([PluginCatalog.Register(Kind, BlockPlugins.Create(Kind, Name, Description, ScriptBlock!))]);
            return;
        }

        foreach (var file in Files)
            Attempt(file, () => Register(file));
    }

    private void Register(string file)
    {
        if (ShouldProcess(file, "Load the assembly and register its plug-ins"))
            Write(PluginAssembly.Register(file));
    }

    private void Write(IReadOnlyList<PluginInfo> plugins)
    {
        foreach (var plugin in plugins)
            WriteVerbose($"The {plugin.Kind} '{plugin.Name}' of {plugin.Source} is registered.");
        if (PassThru)
            WriteObject(plugins, enumerateCollection: true);
    }
}
