using System.Text;

namespace PsGpt.Tokenization;

/// <summary>A token with its place in the text that it was made from.</summary>
public sealed class TokenOffset
{
    internal TokenOffset(int id, int offset, int length, string text) => (Id, Offset, Length, Text) = (id, offset, length, text);

    /// <summary>The id.</summary>
    public int Id { get; }

    /// <summary>
    /// The first char of the text that the token stands for. A part of a character has the place of that character.
    /// </summary>
    public int Offset { get; }

    /// <summary>The number of chars that it stands for.</summary>
    public int Length { get; }

    /// <summary>Those chars.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Encodes a whole text and gives each token's place in it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public static IReadOnlyList<TokenOffset> Encode(string text, Tokenizer tokenizer, bool allowSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Find(text, tokenizer.Encode(text, allowSpecial), tokenizer);
    }

    /// <summary>Finds the places of tokens by the lengths of their bytes, as tiktoken's <c>decode_with_offsets</c> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">All its tokens.</param>
    /// <param name="tokenizer">The tokenizer that made them.</param>
    public static IReadOnlyList<TokenOffset> Find(string text, ReadOnlySpan<int> tokens, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.Normalizer is not { } normalizer)
            return FindIn(text, tokens, tokenizer);
        var normalized = new NormalizedText(text, normalizer);
        return
        [
            .. from token in FindIn(normalized.Text, tokens, tokenizer)
               let place = normalized.ToOriginal(token.Offset, token.Offset + token.Length)
               select new TokenOffset(token.Id, place.Start.Value, place.End.Value - place.Start.Value, text[place]),
        ];
    }

    private static TokenOffset[] FindIn(string text, ReadOnlySpan<int> tokens, Tokenizer tokenizer)
    {
        var added = tokenizer.GetAddedTokens().Where(token => !token.IsMerged).ToDictionary(token => token.Id, tokenizer.Normalized);
        var offsets = new TokenOffset[tokens.Length];
        var cursor = new Cursor(text);
        var isStart = tokenizer.AddsPrefixSpace;
        for (var i = 0; i < tokens.Length; i++)
        {
            var start = cursor.Position;
            var bytes = tokenizer.GetSpan(tokens[i]);
            if (added.TryGetValue(tokens[i], out var token) && cursor.TryPass(token))
            {
                isStart = tokenizer.AddsPrefixSpace;
            }
            else
            {
                // The space that the tokenizer puts in front of a text is not in the text.
                var hasPrefix = isStart && bytes is [(byte)' ', ..] && start < text.Length && text[start] != ' ';
                cursor.Pass(hasPrefix ? bytes.Length - 1 : bytes.Length);
                isStart = false;
            }

            offsets[i] = new(tokens[i], start, cursor.End - start, text[start..cursor.End]);
        }

        return offsets;
    }

    /// <summary>A place within the UTF-8 of a text.</summary>
    private struct Cursor(string text)
    {
        private int bytesWithin;

        /// <summary>The character that is next, or of which a part is next.</summary>
        public int Position { get; private set; }

        /// <summary>Where the characters end of which a part has passed.</summary>
        public readonly int End => bytesWithin > 0 ? Position + LengthOf(Position).Chars : Position;

        /// <summary>Passes bytes.</summary>
        public void Pass(int count)
        {
            while (count > 0 && Position < text.Length)
            {
                var (chars, bytes) = LengthOf(Position);
                var taken = Math.Min(count, bytes - bytesWithin);
                count -= taken;
                bytesWithin += taken;
                if (bytesWithin == bytes)
                    (Position, bytesWithin) = (Position + chars, 0);
            }
        }

        /// <summary>Passes an added token with the white space that belongs to it; false where it is not here.</summary>
        public bool TryPass(AddedToken token)
        {
            var start = Position;
            while (token.StripsLeft && start < text.Length && char.IsWhiteSpace(text[start]))
                start++;
            if (!text.AsSpan(start).StartsWith(token.Text, StringComparison.Ordinal))
                return false;
            Position = start + token.Text.Length;
            while (token.StripsRight && Position < text.Length && char.IsWhiteSpace(text[Position]))
                Position++;
            return true;
        }

        private readonly (int Chars, int Bytes) LengthOf(int position)
        {
            // Half a surrogate pair is encoded as U+FFFD.
            Rune.DecodeFromUtf16(text.AsSpan(position), out var character, out var chars);
            return (chars, character.Utf8SequenceLength);
        }
    }
}
