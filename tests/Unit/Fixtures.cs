namespace PsGpt.Unit;

/// <summary>Finds the parity data from the reference models, a folder <c>shared</c> beside the repository, where there is one.</summary>
internal static class Fixtures
{
    private static readonly string? Root = FindRoot();

    public static bool Exist => Root is not null;

    /// <summary>The path of a file or folder of the fixtures, such as <c>fixtures/gpt2-tiny/config.json</c>.</summary>
    public static string PathTo(string relativePath) =>
        Path.Combine(Root ?? throw new InvalidOperationException("Mark the test with [FixtureFact] or [FixtureTheory]."), relativePath);

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "fixtures", "gpt2-tiny")))
                return candidate;
        }

        return null;
    }
}
