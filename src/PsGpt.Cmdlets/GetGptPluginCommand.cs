using System.Management.Automation;
using PsGpt.Extensions;

namespace PsGpt.Commands;

/// <summary>Lists the plug-ins that are known by name: the built-in ones, and those that were registered.</summary>
[Cmdlet(VerbsCommon.Get, "GptPlugin")]
[OutputType(typeof(PluginInfo))]
public sealed class GetGptPluginCommand : GptCmdlet
{
    /// <summary>The names of plug-ins, with wildcards; all of them unless it is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Of = "name", Hint = "Give the name of a plug-in.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PluginCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The kinds of plug-in; all of them unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PluginKind[] Kind { get; set; } = Enum.GetValues<PluginKind>();

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
            Attempt(name, () => WriteObject(Find(name), enumerateCollection: true));
    }

    private List<PluginInfo> Find(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        var found = PluginCatalog.All.Where(plugin => Kind.Contains(plugin.Kind) && pattern.IsMatch(plugin.Name)).ToList();
        if (found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name))
            return found;
        throw new GptException("PluginNotFound", GptErrorKind.NotFound,
            $"There is no plug-in named '{name}' of the kinds {string.Join(", ", Kind)}.");
    }
}
