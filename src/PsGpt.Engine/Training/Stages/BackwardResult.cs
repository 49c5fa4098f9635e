using PsGpt.Inspection;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// The second stage of a training step: the gradients of a batch's loss, to be read and changed before <c>Trainer.Update</c> takes
/// them. It holds memory of the size of the parameters until then or until <see cref="Dispose"/>. Not for use from several threads
/// at once.
/// </summary>
public sealed class BackwardResult : IDisposable
{
    private Gradients? gradients;

    internal BackwardResult(GptModel model, Gradients gradients, int step, float loss, int tokenCount, TimeSpan elapsed)
    {
        (Model, this.gradients, Step, Loss) = (model, gradients, step, loss);
        (TokenCount, Elapsed) = (tokenCount, elapsed);
    }

    /// <summary>The name of the model.</summary>
    public string ModelName => Model.Name;

    /// <summary>The number of the training step that the gradients belong to.</summary>
    public int Step { get; }

    /// <summary>The mean loss of the batch in nats, with dropout.</summary>
    public float Loss { get; }

    /// <summary>The number of tokens in the batch.</summary>
    public int TokenCount { get; }

    /// <summary>The Euclidean norm of the gradients of all parameters, as they are now; null when they are used or freed.</summary>
    public float? GradientNorm => gradients is null ? null : (float)Math.Sqrt(SquaredNorm(gradients));

    /// <summary>The time of the forward and backward passes.</summary>
    public double Milliseconds => Elapsed.TotalMilliseconds;

    /// <summary>Whether the gradients wait for an update.</summary>
    public bool IsPending => gradients is not null;

    internal TimeSpan Elapsed { get; }

    private GptModel Model { get; }

    /// <summary>The model.</summary>
    public GptModel GetModel() => Model;

    /// <summary>The gradients by llm.c's names, all layers in one tensor: views, in which a change counts for the update.</summary>
    /// <exception cref="GptException"><c>StageRepeated</c>: they are used or freed.</exception>
    public IEnumerable<GptTensor> Stacked() => ModelTensors.Stacked(Model, Require(), prefix: "", MemoryOf);

    /// <summary>The same by Hugging Face's names, layer by layer, with its matrices (in, out).</summary>
    /// <exception cref="GptException"><c>StageRepeated</c>: they are used or freed.</exception>
    public IEnumerable<GptTensor> PerLayer() => ModelTensors.PerLayer(Model, Require(), prefix: "", MemoryOf);

    /// <summary>Frees the gradients; loss and step stay.</summary>
    public void Dispose()
    {
        gradients?.Dispose();
        gradients = null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"gradients of {TokenCount} tokens for step {Step} of '{Model.Name}', loss {Loss:0.0000}");

    /// <summary>Hands the gradients over to a training, which disposes them.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="step">The number of its next step.</param>
    /// <exception cref="GptException"><c>StageRepeated</c>, <c>StageOutOfOrder</c>.</exception>
    internal Gradients Take(GptModel model, int step)
    {
        var taken = Require();
        if (!Model.IsSameAs(model))
        {
            throw new GptException("StageOutOfOrder", GptErrorKind.InvalidArgument,
                $"The {this} cannot update the model '{model.Name}', which is another one. Update each model by its own gradients.");
        }

        if (Step != step)
        {
            throw new GptException("StageOutOfOrder", GptErrorKind.InvalidArgument,
                $"The {this} come too late: the next step of the model is {step}. "
                + "Compute them again, or accumulate the gradients of several batches for one step.");
        }

        gradients = null;
        return taken;
    }

    private Gradients Require() => gradients ?? throw new GptException("StageRepeated", GptErrorKind.InvalidArgument,
        $"The {this} have been used for an update already, or were freed. Compute them again from the batch.");

    private static double SquaredNorm(Gradients gradients)
    {
        var sum = 0.0;
        foreach (var (i, shape) in gradients.Shapes.Index())
            sum += gradients.SquaredNorm(new ParameterPart(i, shape, FirstLayer: 0, shape.LayerCount), KernelCatalog.Default);
        return sum;
    }

    private TensorMemory.Native MemoryOf(Tensor tensor) => new(tensor, beginRead: () => Require().Lease(), beginUpdate: () =>
    {
        var lease = Require().Lease();
        gradients!.ForgetSquaredNorms();
        return lease;
    });
}
