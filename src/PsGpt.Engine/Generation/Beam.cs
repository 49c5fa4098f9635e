namespace PsGpt.Generation;

/// <summary>One of the texts that a search with beams follows.</summary>
/// <param name="Text">Its tokens.</param>
/// <param name="Score">
/// The sum of the log probabilities of its generated tokens, as the samplers left them; once it is finished, their
/// mean.
/// </param>
/// <param name="Stream">The decoder's stream that has read it.</param>
internal sealed record Beam(Continuation Text, double Score, int Stream);
