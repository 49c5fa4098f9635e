namespace PsGpt.Unit;

/// <summary>A test that needs the reference data; reported as skipped where they are not.</summary>
internal sealed class FixtureFactAttribute : FactAttribute
{
    public const string Reason = "The reference data (a folder 'shared' beside the repository) are not on this machine.";

    public FixtureFactAttribute()
    {
        if (!Fixtures.Exist)
            Skip = Reason;
    }
}
