using System.Management.Automation;
using PsGpt.Inspection;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Gets the intermediate results of a model's forward pass over a text, attention probabilities included.</summary>
/// <remarks>
/// <para>
/// The names are llm.c's. Outside the layers they are <c>encoded</c>, <c>lnf</c>, <c>logits</c> and <c>probs</c>; a layer has
/// <c>h.3.ln1</c>, <c>qkv</c>, <c>preatt</c>, <c>att</c>, <c>atty</c>, <c>attproj</c>, <c>residual2</c>, <c>ln2</c>, <c>fch</c>,
/// <c>fch_gelu</c>, <c>fcproj</c> and <c>residual3</c>.
/// </para>
/// <para>
/// Each tensor has values of its own. Its rows are labelled with the texts of the tokens (<c>.LabelsOf(0)</c>), the columns of
/// <c>logits</c> and <c>probs</c> with those of the vocabulary. <c>att</c> has the axes head, query (the token that looks) and key (the
/// token that is looked at): <c>$att[2, 4, 1]</c> is the attention of token 4 to token 1 in head 2. <c>Export-GptChart</c> makes a page
/// of it, with a choice of layers and heads.
/// </para>
/// </remarks>
[Cmdlet(VerbsCommon.Get, "GptActivation", DefaultParameterSetName = TextSet)]
[OutputType(typeof(GptTensor))]
public sealed class GetGptActivationCommand : InspectionCmdlet
{
    /// <summary>
    /// The names, with wildcards, such as <c>h.3.att</c>; all where none is given. A name without a layer, such as <c>att</c>, stands
    /// for all layers.
    /// </summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override void Inspect(GptModel model, int[] tokens)
    {
        var names = ModelActivations.NamesOf(model);
        var wanted = new HashSet<string>();
        foreach (var name in Name)
            Attempt(name, () => wanted.UnionWith(Find(model, names, name)));
        if (wanted.Count > 0)
            WriteObject(ModelActivations.Compute(model, tokens, wanted.Contains, StopToken), enumerateCollection: true);
    }

    private static string[] Find(GptModel model, IReadOnlyList<string> names, string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        string[] found =
        [
            .. names.Where(other => pattern.IsMatch(other) || pattern.IsMatch(other[(other.LastIndexOf('.') + 1)..])),
        ];
        return found.Length > 0 ? found : throw new GptException("ActivationNotFound", GptErrorKind.NotFound,
            $"The model '{model.Name}' has no activation '{name}'. The nearest names are {NameDistance.Nearest(name, names)}.");
    }
}
