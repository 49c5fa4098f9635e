namespace PsGpt.Commands;

/// <summary>Takes a whole number, or an array of them; PowerShell alone would round 1.5.</summary>
/// <param name="minimum">The smallest number that is allowed; that of 32 bits unless it is given.</param>
/// <param name="maximum">The largest number that is allowed; that of 32 bits unless it is given.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute(long minimum = int.MinValue, long maximum = int.MaxValue) : NumberAttribute(minimum, maximum)
{
    private protected override string Kind => "whole number";

    private protected override double Example => 10;

    private protected override bool Accepts(double number) => double.IsInteger(number);
}
