namespace PsGpt.Samples;

/// <summary>
/// Things that belong together, one row of them for a story: "tool | act" with the row "a long rope | pulled it up" fills the
/// slots {tool} and {act}, which therefore always agree. A cell may hold slots too.
/// </summary>
/// <param name="header">The names of the slots, separated by bars.</param>
/// <param name="rows">The rows, with as many cells as the header.</param>
internal sealed class StoryTable(string header, params string[] rows)
{
    public string[] Slots { get; } = Split(header);

    public string[][] Rows { get; } = [.. rows.Select(Split)];

    /// <summary>
    /// Every pairing of a boy with a girl, as hero and friend or as friend and hero. They are never two boys or two girls, so
    /// that "he" and "she" always tell who is meant.
    /// </summary>
    public static StoryTable HeroAndFriend(string boys, string girls)
    {
        var pairs = from boy in boys.Split(' ')
                    from girl in girls.Split(' ')
                    let male = $"{boy} | he | him | his | himself"
                    let female = $"{girl} | she | her | her | herself"
                    from pair in new[] { $"{male} | {female}", $"{female} | {male}" }
                    select pair;
        return new StoryTable(
            "hero | he | him | his | himself | friend | friend.he | friend.him | friend.his | friend.himself", [.. pairs]);
    }

    private static string[] Split(string row) => row.Split('|', StringSplitOptions.TrimEntries);
}
