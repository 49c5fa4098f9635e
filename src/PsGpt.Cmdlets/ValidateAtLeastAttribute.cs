using System.Globalization;
using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Refuses numbers below a minimum, in a sentence. An array is checked number by number.</summary>
/// <param name="minimum">The smallest number that is allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateAtLeastAttribute(long minimum) : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>The smallest number that is allowed.</summary>
    public long Minimum { get; } = minimum;

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        if (element is null)
            return;
        var number = Convert.ToInt64(element is PSObject wrapped ? wrapped.BaseObject : element, CultureInfo.InvariantCulture);
        if (number < Minimum)
            throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture, $"{number} is too small. Give {Minimum} or more."));
    }
}
