namespace PsGpt.Unit.Charts.Browser;

/// <summary>A test in a browser; reported as skipped where there is none.</summary>
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute()
    {
        if (Chromium.Path is null)
            Skip = $"There is no Chromium or Chrome on this machine: none of {string.Join(", ", Chromium.Names)} is on the PATH.";
    }
}
