namespace PsGpt.Unit;

/// <summary>Finds the files of the repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a file or folder of the repository.</summary>
    public static string PathTo(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>The files of code below a folder, without those of the compiler.</summary>
    public static IEnumerable<string> SourceFiles(string relativePath, string pattern = "*.cs") =>
        Directory.EnumerateFiles(PathTo(relativePath), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PsGpt.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository that they were built from.");
    }
}
