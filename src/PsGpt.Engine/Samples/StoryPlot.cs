namespace PsGpt.Samples;

/// <summary>One course that a story can take.</summary>
/// <param name="Tables">What this plot draws; a slot of the world that is named here too is replaced.</param>
/// <param name="Beats">What happens, one after the other. A beat is told by one of its templates; an empty one leaves it out.</param>
internal sealed record StoryPlot(StoryTable[] Tables, string[][] Beats);
