namespace PsGpt.Tokenization;

/// <summary>The first added token in a text.</summary>
/// <param name="Token">The token; null where there is none.</param>
/// <param name="Start">Where it starts; without a token, how far the text certainly holds none.</param>
/// <param name="End">Where the text goes on behind it.</param>
/// <param name="Skipped">Where the last token that was passed over ends: no token starts before.</param>
internal readonly record struct AddedTokenMatch(AddedToken? Token, int Start, int End, int Skipped);
