namespace PsGpt.Samples;

/// <summary>All that the stories of one theme are made of.</summary>
/// <param name="Tables">Who and where: one row of each table stays for the whole story.</param>
/// <param name="Phrases">Slots that are filled anew wherever they stand.</param>
/// <param name="Opening">The beats before every plot: the hero and the home.</param>
/// <param name="Plots">What can happen.</param>
/// <param name="Ending">The beats after every plot.</param>
internal sealed record StoryWorld(
    StoryTable[] Tables, Dictionary<string, string[]> Phrases, string[][] Opening, StoryPlot[] Plots, string[][] Ending);
