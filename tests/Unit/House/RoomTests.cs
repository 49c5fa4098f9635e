using System.Text.RegularExpressions;
using PsGpt.Model;

namespace PsGpt.Unit.House;

/// <summary>The rooms of the engine, from the ground up: a room uses those before it, never those after it.</summary>
public sealed partial class RoomTests
{
    private const string Engine = "src/PsGpt.Engine";

    private static readonly string[] Rooms =
        [
            "Plugins", "Tensors", "Kernels", "Tokenization", "Data", "Samples", "Model", "Inspection", "Formats", "Communication",
            "Training", "Generation", "Charts", "Evaluation", "Checkpoints", "Hub", "Extensions",
        ];

    // These stand side by side and know nothing of each other.
    private static readonly string[] TopRooms = ["Formats", "Training", "Generation"];

    private static readonly Dictionary<string, HashSet<string>> Types = FindTypes();

    public static TheoryData<string> Names => [.. Rooms];

    [Fact]
    public void Every_folder_of_the_engine_is_a_known_room()
    {
        var folders = Repository.SourceFiles(Engine).Select(RoomOf).Where(room => room.Length > 0).Distinct();
        Assert.Equal(Rooms.Order(), folders.Order());
    }

    [Fact]
    public void The_page_of_the_architecture_lists_the_rooms_in_their_order()
    {
        var listed = File.ReadLines(Repository.PathTo("docs/architecture.md"))
            .SkipWhile(line => line != "| room | holds |")
            .TakeWhile(line => line.Length > 0)
            .Select(line => RowName().Match(line))
            .Where(row => row.Success)
            .Select(row => row.Groups[1].Value);
        Assert.Equal(Rooms, listed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_room_uses_only_rooms_before_it(string room)
    {
        var allowed = Rooms.TakeWhile(other => other != room).Except(TopRooms.Contains(room) ? TopRooms : []).Append(room);
        foreach (var file in Repository.SourceFiles(Engine).Where(file => RoomOf(file) == room))
            Assert.True(!UsedRooms(file).Except(allowed).Any(), $"{file} uses {string.Join(", ", UsedRooms(file).Except(allowed))}.");
    }

    [Fact]
    public void What_stands_outside_the_rooms_uses_none()
    {
        Assert.All(Repository.SourceFiles(Engine).Where(file => RoomOf(file).Length == 0), file => Assert.Empty(UsedRooms(file)));
    }

    [Fact]
    public void The_engine_knows_nothing_of_PowerShell_and_the_console()
    {
        var references = typeof(GptModel).Assembly.GetReferencedAssemblies().Select(reference => reference.Name);
        Assert.DoesNotContain("System.Management.Automation", references);
        Assert.DoesNotContain("System.Console", references);
    }

    /// <summary>C# users read the same messages. The cmdlets add the parameter.</summary>
    [Fact]
    public void The_engine_names_no_cmdlet_outside_its_comments()
    {
        var named = from file in Repository.SourceFiles(Engine)
                    from line in File.ReadLines(file)
                    where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && CmdletName().IsMatch(line)
                    select $"{file}: {line.Trim()}";
        Assert.Empty(named);
    }

    private static string RoomOf(string file) =>
        Path.GetRelativePath(Repository.PathTo(Engine), file).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : "";

    private static string[] UsedRooms(string file)
    {
        var text = File.ReadAllText(file);
        var inFull = FullName().Matches(text).Select(match => match.Groups["room"].Value).Intersect(Rooms);
        var relative = RelativeName().Matches(text)
            .Select(match => (Room: match.Groups["room"].Value, Type: match.Groups["type"].Value))
            .Where(name => TypesOf(name.Room).Contains(name.Type))
            .Select(name => name.Room);
        return [.. inFull.Union(relative)];
    }

    /// <summary>
    /// The types that have a file in a room. A property may be called like a room, but none has a member called like a type.
    /// </summary>
    private static HashSet<string> TypesOf(string room) => Types.GetValueOrDefault(room, []);

    private static Dictionary<string, HashSet<string>> FindTypes() =>
        Repository.SourceFiles(Engine)
            .GroupBy(RoomOf)
            .ToDictionary(room => room.Key, room => room.Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet());

    [GeneratedRegex(@"\b[A-Z][a-z]+(?:To|From)?-Gpt[A-Z]")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"^\| `(\w+)` \|")]
    private static partial Regex RowName();

    /// <summary>A <c>using</c>, or a name that is written out in full.</summary>
    [GeneratedRegex(@"^(?:global )?using (?:static )?PsGpt\.(?<room>\w+)|\bPsGpt\.(?<room>\w+)\.", RegexOptions.Multiline)]
    private static partial Regex FullName();

    /// <summary>A name that begins with the room, which the namespace of the file allows.</summary>
    [GeneratedRegex(@"(?<![\w.])(?<room>[A-Z]\w+)\.(?:[A-Z]\w+\.)?(?<type>[A-Z]\w+)\b")]
    private static partial Regex RelativeName();
}
