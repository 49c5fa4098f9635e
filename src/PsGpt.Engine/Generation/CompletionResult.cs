namespace PsGpt.Generation;

/// <summary>What became of one of several requests.</summary>
/// <param name="Completion">The completion, or null where it failed.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record CompletionResult(Completion? Completion, GptException? Error);
