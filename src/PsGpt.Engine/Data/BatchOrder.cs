namespace PsGpt.Data;

/// <summary>Which part of a text the next batch is.</summary>
public enum BatchOrder
{
    /// <summary>Windows that start anywhere, as nanoGPT draws them.</summary>
    Random,

    /// <summary>One part after the other from the start, and again from the start.</summary>
    Sequential,

    /// <summary>
    /// Each part once, in an order that is drawn anew each time through the text; the shards of a text are shuffled too (llm.c).
    /// </summary>
    Shuffled,
}
