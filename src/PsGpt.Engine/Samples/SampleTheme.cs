namespace PsGpt.Samples;

/// <summary>The world in which sample stories take place.</summary>
public enum SampleTheme
{
    /// <summary>Small animals of the forest: what the built-in model was trained on.</summary>
    Forest,

    /// <summary>Small animals of the sea, with names, places and plots of their own: a new world for the built-in model.</summary>
    Sea,
}
