using System.Management.Automation;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Makes a tensor of numbers of your own.</summary>
/// <remarks>
/// <para>
/// Lists within lists give the shape: <c>New-GptTensor (1,2),(3,4)</c> has 2 rows of 2. With <see cref="Shape"/> a plain list is cut
/// into rows, and a single number fills the tensor.
/// </para>
/// <para>
/// Read it by index: <c>$t[0]</c> is a row, <c>$t[0, 1]</c> a value, <c>$t['0..1', 0]</c> a column; the same places can be assigned. At a
/// place that is not there PowerShell gives nothing, as with arrays; after <c>Set-StrictMode -Version 3</c>, and with
/// <c>$t.Slice('0..1', 0)</c>, it is an error that names the places.
/// </para>
/// <para><c>Compare-Object</c> and <c>Sort-Object</c> compare tensors by name, shape and values.</para>
/// </remarks>
[Cmdlet(VerbsCommon.New, "GptTensor")]
[OutputType(typeof(GptTensor))]
public sealed class NewGptTensorCommand : GptCmdlet
{
    /// <summary>The numbers, row by row, or one number for all places.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public object? Value { get; set; }

    /// <summary>The sizes, outermost first, such as <c>2, 3</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [WholeNumber(1)]
    public int[]? Shape { get; set; }

    /// <summary>A name for lists and charts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "tensor";

    /// <inheritdoc/>
    protected override void Process()
    {
        var given = GptTensor.From(Name, TensorArguments.Unwrap(Value)!);
        if (Shape is null)
            WriteObject(given.Name == Name ? given : new GptTensor(Name, given.Shape, given.ToArray()));
        else if (given.Length == 1)
            WriteObject(Filled(Shape, given.ToArray()[0]));
        else
            WriteObject(new GptTensor(Name, Shape, given.ToArray()));
    }

    private GptTensor Filled(int[] shape, float value)
    {
        var length = shape.Aggregate(1L, (product, size) => Math.Min(product * size, long.MaxValue / int.MaxValue));
        if (length > Array.MaxLength)
        {
            throw new GptException("TensorShapeInvalid", GptErrorKind.LimitExceeded,
                $"A tensor of {new TensorSizes(shape)} has more than {Array.MaxLength} values. Make a smaller one.");
        }

        var values = new float[length];
        Array.Fill(values, value);
        return new GptTensor(Name, shape, values);
    }
}
