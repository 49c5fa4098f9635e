namespace PsGpt.Unit;

/// <summary>A theory that needs the reference data; reported as skipped where they are not.</summary>
internal sealed class FixtureTheoryAttribute : TheoryAttribute
{
    public FixtureTheoryAttribute()
    {
        if (!Fixtures.Exist)
            Skip = FixtureFactAttribute.Reason;
    }
}
