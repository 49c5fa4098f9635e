namespace PsGpt.Tokenization;

/// <summary>Encodes as much of a text as is certain whatever follows it.</summary>
/// <param name="text">The text, starting where an earlier call stopped.</param>
/// <param name="isEnd">True when nothing follows: all of the text is encoded, and the next call starts another text.</param>
/// <param name="tokens">Where the ids are appended.</param>
/// <returns>How many chars were encoded; the rest comes again with what follows it.</returns>
internal delegate int EncodeText(ReadOnlySpan<char> text, bool isEnd, List<int> tokens);
