using System.Management.Automation;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Changes the values of tensors, and with them the model that they are views of.</summary>
/// <remarks>Set a head to 0 and see the text change, add noise, or copy the values of another tensor.</remarks>
[Cmdlet(VerbsCommon.Set, "GptTensor", SupportsShouldProcess = true, DefaultParameterSetName = ValueSet)]
[OutputType(typeof(GptTensor))]
public sealed class SetGptTensorCommand : GptCmdlet
{
    private const string ValueSet = "Value";
    private const string NoiseSet = "Noise";

    private RandomStream? random;

    /// <summary>The tensor to change, such as one of <c>Get-GptTensor</c> or a part of it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(GptTensor), "tensor", Hint = "Give tensors as Get-GptTensor, Get-GptActivation and New-GptTensor make them.")]
    public GptTensor? InputObject { get; set; }

    /// <summary>One number for all places, as many numbers as the tensor has, or another tensor to copy from.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ValueSet)]
    [ValidateNotNull]
    public object? Value { get; set; }

    /// <summary>Adds normally distributed noise of this standard deviation, 0 or more.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NoiseSet)]
    [Number(0)]
    public double Noise { get; set; }

    /// <summary>The seed of the noise; another one each time where it is not given.</summary>
    [Parameter(ParameterSetName = NoiseSet)]
    [SeedTransformation]
    public ulong? Seed { get; set; }

    /// <summary>Hands the changed tensor on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Begin() => random = new RandomStream(Seed ?? (ulong)Random.Shared.NextInt64());

    /// <inheritdoc/>
    protected override void Process()
    {
        var action = ParameterSetName == NoiseSet ? $"Add noise of {Noise}" : "Set values";
        if (!ShouldProcess($"{InputObject}", action))
            return;
        if (ParameterSetName == NoiseSet)
            AddNoise();
        else
            InputObject!.Assign(TensorArguments.Unwrap(Value)!);
        if (PassThru)
            WriteObject(InputObject);
    }

    private void AddNoise()
    {
        var values = InputObject!.ToArray();
        for (var i = 0; i < values.Length; i++)
            values[i] += (float)(Noise * random!.NextNormal());
        InputObject.SetValues(values);
    }
}
