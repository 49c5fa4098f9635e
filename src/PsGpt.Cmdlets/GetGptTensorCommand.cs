using System.Management.Automation;
using PsGpt.Inspection;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Gets the tensors of a model: its weights, the moments of its optimizer, or the gradients of a batch.</summary>
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
[Cmdlet(VerbsCommon.Get, "GptTensor", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(GptTensor))]
public sealed class GetGptTensorCommand : GptCmdlet
{
    private const string ModelSet = "Model";
    private const string GradientSet = "Gradient";

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ValidateNotNull]
    [ModelTransformation(Other = typeof(BackwardResult), OtherSource = "Invoke-GptBackward")]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>A result of <c>Invoke-GptBackward</c>, which has the gradients.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = GradientSet)]
    [ValidateNotNull]
    public BackwardResult? InputObject { get; set; }

    /// <summary>The names, with wildcards, such as <c>h.3.attn.*</c>; all of llm.c's where none is given.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>
    /// The moments that the optimizer keeps, such as <c>adamw.m/qkvw</c>, rather than the weights. The name of a weight stands for all
    /// of its moments.
    /// </summary>
    [Parameter(ParameterSetName = ModelSet)]
    public SwitchParameter Moment { get; set; }

    /// <summary>
    /// The gradients, under the names of their weights, rather than the weights. A result of <c>Invoke-GptBackward</c> gives nothing else.
    /// </summary>
    [Parameter]
    public SwitchParameter Gradient { get; set; }

    /// <inheritdoc/>
    protected override object? Target => (object?)InputObject ?? Model;

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
        GptTensor[] found = [.. candidates.Where(tensor => pattern.IsMatch(tensor.Name) || pattern.IsMatch(WeightOf(tensor.Name)))];
        return found.Length > 0 ? found : throw NotFound(name, candidates);
    }

    private GptTensor[] Candidates(string name)
    {
        var isPerLayer = WeightOf(name).Contains('.', StringComparison.Ordinal);
        if (InputObject is not null)
            return [.. isPerLayer ? InputObject.PerLayer() : InputObject.Stacked()];
        if (Gradient)
        {
            throw new GptException("GradientsMissing", GptErrorKind.InvalidArgument,
                $"The model '{Model!.Name}' keeps no gradients. Those of a batch are in the result of Invoke-GptBackward: pipe that.");
        }

        if (Moment)
            return [.. isPerLayer ? ModelTensors.MomentsPerLayer(Model!) : ModelTensors.Moments(Model!)];
        return [.. isPerLayer ? ModelTensors.PerLayer(Model!) : ModelTensors.Stacked(Model!)];
    }

    /// <summary>The weight of a moment: its name follows that of the moment.</summary>
    private static string WeightOf(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private GptException NotFound(string name, GptTensor[] candidates)
    {
        var model = Model?.Name ?? InputObject!.ModelName;
        if (candidates.Length == 0)
        {
            return new GptException("TensorNotFound", GptErrorKind.NotFound,
                $"The model '{model}' has no moments: no optimizer has trained it yet. Train a step first.");
        }

        var near = NameDistance.Nearest(name, candidates.Select(tensor => tensor.Name));
        return new GptException("TensorNotFound", GptErrorKind.NotFound,
            $"The model '{model}' has no tensor '{name}'. The nearest names are {near}.");
    }
}
