using System.Collections;
using System.Management.Automation;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Numbers, lists and tensors as PowerShell hands them over, free of its wrappers.</summary>
internal static class TensorArguments
{
    /// <summary>The value without PowerShell's wrappers, in lists too.</summary>
    public static object? Unwrap(object? value) => value switch
    {
        PSObject wrapper when wrapper.BaseObject is not PSCustomObject => Unwrap(wrapper.BaseObject),
        GptTensor or string => value,
        IList list => list.Cast<object?>().Select(Unwrap).ToArray(),
        _ => value,
    };

    /// <summary>The tensors of a table, by name.</summary>
    /// <exception cref="GptException"><c>TensorValueInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public static Dictionary<string, GptTensor> ByName(IDictionary table)
    {
        var tensors = new Dictionary<string, GptTensor>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            var name = $"{entry.Key}";
            var value = Unwrap(entry.Value) ?? throw new GptException("TensorValueInvalid", GptErrorKind.InvalidArgument,
                $"The value of '{name}' is null. Give numbers, lists of numbers, or a tensor.");
            tensors[name] = GptTensor.From(name, value);
        }

        return tensors;
    }
}
