namespace PsGpt.Generation;

/// <summary>One token of a completion.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">
/// The characters that became whole with this token: none where it ends within a character, which then comes with a later token.
/// The texts of all tokens together are the completion.
/// </param>
public readonly record struct GeneratedToken(int Id, string Text);
