namespace PsGpt.Generation;

/// <summary>Why a completion ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended the text.</summary>
    EndOfText,

    /// <summary>As many tokens were made as were asked for.</summary>
    MaxTokens,

    /// <summary>The caller stopped it.</summary>
    Stopped,

    /// <summary>One of the stop strings came; the completion says which.</summary>
    StopString,

    /// <summary>The time was up.</summary>
    Timeout,
}
