using System.Text.RegularExpressions;

namespace PsGpt.Unit.House;

/// <summary>Whether the files of a room depend on each other in one direction, as the rooms do.</summary>
public sealed partial class FileCycleTests
{
    [Fact]
    public void Files_of_a_room_use_each_other_in_one_direction()
    {
        var cycles = new[] { "src/PsGpt.Engine", "src/PsGpt.Cmdlets" }.SelectMany(Rooms).SelectMany(FilesInCycles).Order().ToArray();
        Assert.True(cycles.Length == 0, $"These {cycles.Length} files use each other in circles: {string.Join(", ", cycles)}.");
    }

    [Fact]
    public void A_circle_of_three_files_is_found()
    {
        Dictionary<string, string[]> uses = new() { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["A"], ["D"] = ["A"] };
        Assert.Equal(["A", "B", "C"], InCycles(uses).Order());
    }

    private static IEnumerable<string[]> Rooms(string project) =>
        Repository.SourceFiles(project)
            .GroupBy(file => RoomOf(file, project))
            .Select(room => room.ToArray());

    private static string RoomOf(string file, string project) =>
        Path.GetRelativePath(Repository.PathTo(project), file).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : "";

    private static IEnumerable<string> FilesInCycles(string[] files)
    {
        var byName = files.ToLookup(file => Path.GetFileNameWithoutExtension(file));
        var uses = files.ToDictionary(file => file, file => UsedFiles(file, byName));
        return InCycles(uses).Select(file => Path.GetRelativePath(Repository.Root, file));
    }

    /// <summary>
    /// The files whose names are types in the code of a file; of several with a name, those in its own folder. A type that the file
    /// declares, maybe as a part, is no use of another file.
    /// </summary>
    private static string[] UsedFiles(string file, ILookup<string, string> byName)
    {
        var code = CommentOrText().Replace(File.ReadAllText(file), "");
        var own = Declaration().Matches(code).Select(match => match.Groups[1].Value);
        var names = TypeName().Matches(code).Select(match => match.Value).Except(own);
        return [.. names.SelectMany(name => Nearest(byName[name])).Where(used => used != file)];

        IEnumerable<string> Nearest(IEnumerable<string> found)
        {
            var beside = found.Where(used => Path.GetDirectoryName(used) == Path.GetDirectoryName(file)).ToArray();
            return beside.Length > 0 ? beside : found;
        }
    }

    private static IEnumerable<string> InCycles(Dictionary<string, string[]> uses) => uses.Keys.Where(file => Reaches(file, file, uses));

    private static bool Reaches(string from, string to, Dictionary<string, string[]> uses)
    {
        var (seen, waiting) = (new HashSet<string>(), new Stack<string>(uses[from]));
        while (waiting.TryPop(out var next))
        {
            if (next == to)
                return true;
            if (seen.Add(next))
                Array.ForEach(uses[next], waiting.Push);
        }

        return false;
    }

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"\b(?:class|struct|interface|record|enum) (\w+)")]
    private static partial Regex Declaration();

    /// <summary>A name that is not called: a method may have the name of a type.</summary>
    [GeneratedRegex(@"(?<=new )[A-Z]\w+|(?<![\w.])[A-Z]\w+(?![\w(])")]
    private static partial Regex TypeName();
}
