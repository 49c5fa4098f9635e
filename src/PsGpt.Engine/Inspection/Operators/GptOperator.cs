using PsGpt.Kernels;
using PsGpt.Kernels.Reference;
using PsGpt.Tensors;

namespace PsGpt.Inspection;

/// <summary>
/// An operator of a GPT that can be run by hand: forward to its outputs and intermediates, or backward to the gradients of its
/// inputs.
/// </summary>
/// <remarks>
/// Legend of the shapes: B rows of a batch, T positions, C channels, OC output channels, NH heads, V vocabulary, N any number. Leading
/// axes of size 1 may be left out.
/// </remarks>
public sealed class GptOperator
{
    private readonly Action<OperatorCall> forward;
    private readonly Action<OperatorCall>? backward;

    internal GptOperator(string name, string description, string source, Action<OperatorCall> forward, Action<OperatorCall>? backward)
    {
        (Name, Description, Source, this.forward, this.backward) = (name, description, source, forward, backward);
    }

    /// <summary>The name, such as <c>layernorm</c>.</summary>
    public string Name { get; }

    /// <summary>Its formula in one line.</summary>
    public string Description { get; }

    /// <summary>The paper behind it.</summary>
    public string Source { get; }

    // A list made by the compiler has a name of its own in the shell, and an array could be changed for everybody.
    /// <summary>The inputs of the forward pass, with the numbers that steer it.</summary>
    public IReadOnlyList<OperatorArgument> Inputs { get; internal init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>The outputs and intermediates of the forward pass.</summary>
    public IReadOnlyList<OperatorArgument> Outputs { get; internal init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>The further inputs of the backward pass: the gradient of the output.</summary>
    public IReadOnlyList<OperatorArgument> BackwardInputs { get; internal init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>The outputs of the backward pass: the gradients of the inputs.</summary>
    public IReadOnlyList<OperatorArgument> BackwardOutputs { get; internal init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>Whether it has a backward pass.</summary>
    public bool HasBackward => backward is not null;

    /// <summary>Runs the operator.</summary>
    /// <param name="tensors">The inputs by name; a number is a tensor without axes.</param>
    /// <param name="isBackward">Whether to run the backward pass, after the forward pass that it needs.</param>
    /// <param name="usesReference">Whether the plain formulas run rather than this machine's fast kernels.</param>
    /// <returns>The outputs and intermediates, in the order of their list.</returns>
    /// <exception cref="GptException">
    /// <c>OperatorInputInvalid</c>: an input is missing, unknown or has another shape; <c>OperatorHasNoBackward</c>.
    /// </exception>
    public IReadOnlyList<GptTensor> Invoke(
        IReadOnlyDictionary<string, GptTensor> tensors, bool isBackward = false, bool usesReference = false)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (isBackward && backward is null)
        {
            throw new GptException("OperatorHasNoBackward", GptErrorKind.NotSupported,
                $"The operator '{Name}' has no backward pass: it updates parameters. Run it forward.");
        }

        IKernels kernels = usesReference ? new ReferenceKernels() : KernelCatalog.Default;
        var call = new OperatorCall(Name, isBackward ? Inputs.Concat(BackwardInputs) : Inputs, tensors, kernels);
        forward(call);
        if (isBackward)
            backward!(call);
        return call.Outputs;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
