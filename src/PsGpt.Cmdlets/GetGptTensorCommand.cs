using System.Management.Automation;
using PsGpt.Inspection;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Gets the tensors of a model: its weights, or the moments of its optimizer.</summary>
/// <remarks>
/// <para>
/// The tensors are views of the model's memory: they show the values of the moment, and an assignment such as <c>$t[0, 3] = 1.5</c>
/// changes the model. <c>.Copy()</c> makes one with values of its own.
/// </para>
/// <para>
/// A name without a dot is llm.c's (<c>qkvw</c> holds all layers, (L, 3C, C), weights are (out, in)); a name with a dot is Hugging
/// Face's (<c>h.3.attn.c_attn.weight</c> is one layer; its matrices are (in, out), as in its files).
/// </para>
/// </remarks>
[Cmdlet(VerbsCommon.Get, "GptTensor")]
[OutputType(typeof(GptTensor))]
public sealed class GetGptTensorCommand : GptCmdlet
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public GptModel? Model { get; set; }

    /// <summary>The names, with wildcards, such as <c>h.3.attn.*</c>; all of llm.c's where none is given.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The moments that the optimizer keeps, such as <c>adamw.m/qkvw</c>, rather than the weights.</summary>
    [Parameter]
    public SwitchParameter Moment { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Model;

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
            Attempt(name, () => WriteObject(Find(name), enumerateCollection: true));
    }

    private GptTensor[] Find(string name)
    {
        var candidates = Candidates(name);
        var pattern = WildcardPattern.Get(
            name.StartsWith("transformer.", StringComparison.Ordinal) ? name[12..] : name, WildcardOptions.IgnoreCase);
        GptTensor[] found = [.. candidates.Where(tensor => pattern.IsMatch(tensor.Name))];
        return found.Length > 0 ? found : throw NotFound(name, candidates);
    }

    private GptTensor[] Candidates(string name)
    {
        if (Moment)
            return [.. ModelTensors.Moments(Model!)];
        return [.. name.Contains('.', StringComparison.Ordinal) ? ModelTensors.PerLayer(Model!) : ModelTensors.Stacked(Model!)];
    }

    private GptException NotFound(string name, GptTensor[] candidates)
    {
        if (candidates.Length == 0)
        {
            return new GptException("TensorNotFound", GptErrorKind.NotFound,
                $"The model '{Model!.Name}' has no moments: no optimizer has trained it yet. Train a step first.");
        }

        var near = NameDistance.Nearest(name, candidates.Select(tensor => tensor.Name));
        return new GptException("TensorNotFound", GptErrorKind.NotFound,
            $"The model '{Model!.Name}' has no tensor '{name}'. The nearest names are {near}.");
    }
}
