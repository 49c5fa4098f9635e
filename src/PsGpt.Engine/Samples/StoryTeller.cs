using System.Text;

namespace PsGpt.Samples;

/// <summary>
/// Tells one story: chooses a plot, draws the tables' rows and fills the slots of one template for each beat.
/// </summary>
/// <remarks>
/// {kind} is a slot of a table (the same in the whole story) or of the phrases (drawn anew); {Kind} begins with a capital;
/// {a kind} and {A kind} have the article that fits what follows.
/// {he}, {him}, {his} are the hero's pronouns and {friend.he} … the friend's, whichever they are: she, her, her for a girl.
/// </remarks>
internal sealed class StoryTeller(StoryWorld world, RandomStream random)
{
    private readonly Dictionary<string, string> drawn = new(StringComparer.Ordinal);

    public string Tell()
    {
        var plot = Pick(world.Plots);
        foreach (var table in world.Tables.Concat(plot.Tables))
        {
            var row = Pick(table.Rows);
            for (var i = 0; i < row.Length; i++)
                drawn[table.Slots[i]] = row[i];
        }

        var beats = world.Opening.Concat(plot.Beats).Concat(world.Ending);
        return string.Join(' ', beats.Select(beat => Fill(Pick(beat))).Where(sentences => sentences.Length > 0));
    }

    private string Fill(string template)
    {
        var text = new StringBuilder();
        var position = 0;
        for (int open; (open = template.IndexOf('{', position)) >= 0;)
        {
            var close = template.IndexOf('}', open);
            text.Append(template, position, open - position).Append(FillSlot(template[(open + 1)..close]));
            position = close + 1;
        }

        return text.Append(template, position, template.Length - position).ToString();
    }

    private string FillSlot(string slot)
    {
        if (slot.StartsWith("a ", StringComparison.OrdinalIgnoreCase))
        {
            var noun = FillSlot(slot[2..]);
            return $"{slot[0]}{(StartsWithVowel(noun) ? "n" : "")} {noun}";
        }

        var name = char.ToLowerInvariant(slot[0]) + slot[1..];
        var text = Fill(drawn.TryGetValue(name, out var value) ? value : Pick(world.Phrases[name]));
        return name == slot ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    // The letter tells the sound in all of our words; there is no "hour" and no "unicorn" in them.
    private static bool StartsWithVowel(string word) => "aeiouAEIOU".Contains(word[0], StringComparison.Ordinal);

    private T Pick<T>(T[] choices) => choices[random.NextInt32(choices.Length)];
}
