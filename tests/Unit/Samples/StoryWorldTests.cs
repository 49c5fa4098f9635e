using System.Text.RegularExpressions;
using PsGpt.Samples;

namespace PsGpt.Unit.Samples;

/// <summary>Checks the grammar of the stories itself, also where chance seldom leads.</summary>
public sealed class StoryWorldTests
{
    public static TheoryData<string> Worlds => ["forest", "sea"];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Every_row_has_a_cell_for_every_slot(string world)
    {
        foreach (var table in TablesOf(Find(world)))
            Assert.All(table.Rows, row => Assert.Equal(table.Slots.Length, row.Length));
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Every_slot_in_a_template_is_known(string name)
    {
        var world = Find(name);
        foreach (var plot in world.Plots)
        {
            var known = world.Tables.Concat(plot.Tables).SelectMany(table => table.Slots).Concat(world.Phrases.Keys).ToHashSet();
            var templates = world.Opening.Concat(plot.Beats).Concat(world.Ending).SelectMany(beat => beat)
                .Concat(world.Phrases.Values.SelectMany(phrases => phrases))
                .Concat(plot.Tables.SelectMany(table => table.Rows.SelectMany(row => row)))
                .Concat(world.Tables.SelectMany(table => table.Rows.SelectMany(row => row)));
            foreach (var template in templates)
            {
                Assert.DoesNotMatch(@"[{}]", Regex.Replace(template, @"\{[^{}]+\}", ""));
                foreach (Match slot in Regex.Matches(template, @"\{(?:[aA] )?([^{}]+)\}"))
                    Assert.Contains(char.ToLowerInvariant(slot.Groups[1].Value[0]) + slot.Groups[1].Value[1..], known);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Hero_and_friend_are_a_boy_and_a_girl_so_that_pronouns_tell_who_is_meant(string world)
    {
        var table = Find(world).Tables.Single(table => table.Slots.Contains("hero"));
        Assert.Contains(table.Rows, row => Cell(row, "he") == "he");
        Assert.Contains(table.Rows, row => Cell(row, "he") == "she");
        Assert.All(table.Rows, row => Assert.NotEqual(Cell(row, "he"), Cell(row, "friend.he")));

        string Cell(string[] row, string slot) => row[Array.IndexOf(table.Slots, slot)];
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Hero_and_friend_are_never_of_the_same_kind(string name)
    {
        var world = Find(name);
        foreach (var plot in world.Plots)
        {
            var tables = world.Tables.Concat(plot.Tables).ToList();
            string[] Kinds(string slot) => [.. tables.Last(table => table.Slots.Contains(slot)).Rows.Select(row => row[0])];
            Assert.Empty(Kinds("kind").Intersect(Kinds("friend.kind")));
        }
    }

    private static StoryWorld Find(string name) => name == "forest" ? ForestWorld.World : SeaWorld.World;

    private static IEnumerable<StoryTable> TablesOf(StoryWorld world) =>
        world.Tables.Concat(world.Plots.SelectMany(plot => plot.Tables));
}
