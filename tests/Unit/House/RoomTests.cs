using System.Text.RegularExpressions;
using PsGpt.Model;

namespace PsGpt.Unit.House;

/// <summary>The rooms of the engine, from the ground up: a room uses those before it, never those after it.</summary>
public sealed partial class RoomTests
{
    private const string Engine = "src/PsGpt.Engine";

    private static readonly string[] Rooms =
        [
            "Plugins", "Tensors", "Kernels", "Tokenization", "Data", "Samples", "Model", "Formats", "Communication", "Training", "Generation",
            "Charts", "Evaluation", "Checkpoints", "Hub",
        ];

    // These stand side by side and know nothing of each other.
    private static readonly string[] TopRooms = ["Formats", "Training", "Generation"];

    public static TheoryData<string> Names => [.. Rooms];

    [Fact]
    public void Every_folder_of_the_engine_is_a_known_room()
    {
        var folders = Repository.SourceFiles(Engine).Select(RoomOf).Where(room => room.Length > 0).Distinct();
        Assert.Equal(Rooms.Order(), folders.Order());
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

    private static string RoomOf(string file) =>
        Path.GetRelativePath(Repository.PathTo(Engine), file).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : "";

    private static string[] UsedRooms(string file) =>
        [.. NameOfRoom().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct().Intersect(Rooms)];

    /// <summary>A <c>using</c>, or a name that is written out in full.</summary>
    [GeneratedRegex(@"^using PsGpt\.(\w+)|\bPsGpt\.(\w+)\.", RegexOptions.Multiline)]
    private static partial Regex NameOfRoom();
}
