using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>
/// Takes a number, or an array of them, and says in a sentence why anything else is none. Text is read as PowerShell's own numbers are,
/// whatever the culture; a text with a comma is refused, since PowerShell would read <c>0,5</c> as 5.
/// </summary>
/// <param name="minimum">The smallest number that is allowed.</param>
/// <param name="maximum">The largest number that is allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
public class NumberAttribute(
    double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity) : ArgumentTransformationAttribute
{
    /// <summary>The smallest number that is allowed.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The largest number that is allowed.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>Whether an empty text, such as an empty cell of a CSV file, is a number that was not given.</summary>
    public bool EmptyIsNull { get; init; }

    /// <summary>The kind of number, for messages.</summary>
    private protected virtual string Kind => "number";

    /// <summary>A usual number of this kind.</summary>
    private protected virtual double Example => 0.5;

    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipedTokens.Unwrap(inputData) switch
    {
        null => null,
        "" when EmptyIsNull => null,
        IList list => list.Cast<object?>().Select(item => Read(PipedTokens.Unwrap(item))).ToArray(),
        var value => Read(value),
    };

    /// <summary>Whether a number is one of this kind.</summary>
    private protected virtual bool Accepts(double number) =>
        !double.IsNaN(number) || (double.IsInfinity(Minimum) && double.IsInfinity(Maximum));

    private object Read(object? value)
    {
        if (Find(value) is not { } number || !Accepts(number))
        {
            throw new ArgumentTransformationMetadataException(
                Text($"'{value}' is no {Kind}. Give one such as {Math.Clamp(Example, Minimum, Maximum)}."));
        }

        if (number < Minimum)
            throw new ArgumentTransformationMetadataException(Text($"{value} is too small. Give {Minimum} or more."));
        if (number > Maximum)
            throw new ArgumentTransformationMetadataException(Text($"{value} is too large. Give {Maximum} or less."));
        return value is string ? number : value!;
    }

    /// <summary>The number that a value stands for, or null where it is none.</summary>
    internal static double? Find(object? value) => value switch
    {
        null or bool => null,
        string text when text.Contains(',', StringComparison.Ordinal) || string.IsNullOrWhiteSpace(text) => null,
        _ => LanguagePrimitives.TryConvertTo<double>(value, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
