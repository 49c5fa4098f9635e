using System.Security.Cryptography;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>One token per character: the distinct code points of a text, in ascending order, as gpt.py and nanoGPT have them.</summary>
public sealed class CharacterTokenizer : Tokenizer
{
    private readonly Dictionary<Rune, int> ids;
    private readonly byte[][] tokenBytes;

    /// <summary>Makes a tokenizer from its characters.</summary>
    /// <param name="characters">Distinct code points in the order of their ids.</param>
    /// <exception cref="GptException"><c>VocabularyInvalid</c>: there is none, or one stands twice.</exception>
    public CharacterTokenizer(IReadOnlyList<Rune> characters)
    {
        ArgumentNullException.ThrowIfNull(characters);
        Characters = [.. characters];
        tokenBytes = [.. characters.Select(character => Encoding.UTF8.GetBytes(character.ToString()))];
        ids = new Dictionary<Rune, int>(characters.Count);
        foreach (var character in characters)
        {
            if (!ids.TryAdd(character, ids.Count))
                throw Invalid($"the character U+{character.Value:X4} stands in it twice");
        }

        if (ids.Count == 0)
            throw Invalid("it is empty");
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(characters))).AsSpan(0, 4);
        Name = $"characters{VocabularySize}-{Convert.ToHexStringLower(fingerprint)}";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int VocabularySize => Characters.Count;

    /// <inheritdoc/>
    public override int? EndOfTextToken => null;

    /// <summary>The characters in the order of their ids.</summary>
    internal IReadOnlyList<Rune> Characters { get; }

    /// <inheritdoc cref="Characters"/>
    /// <remarks>A method, since a property would drag a whole vocabulary into JSON.</remarks>
    public IReadOnlyList<Rune> GetCharacters() => Characters;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSpan(int token) => tokenBytes[RequireInVocabulary(token)];

    /// <inheritdoc/>
    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var end = !isEnd && !text.IsEmpty && char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
        var count = tokens.Count;
        foreach (var character in text[..end].EnumerateRunes())
        {
            if (!ids.TryGetValue(character, out var id))
            {
                tokens.RemoveRange(count, tokens.Count - count);
                throw OutsideVocabulary(character);
            }

            tokens.Add(id);
        }

        return end;
    }

    private GptException OutsideVocabulary(Rune character) => new(
        "TextOutsideVocabulary", GptErrorKind.InvalidData,
        $"The character '{character}' (U+{character.Value:X4}) is not in the vocabulary of {VocabularySize} characters. "
        + "Leave it out, or make a vocabulary from a text that has it.");

    private static GptException Invalid(string problem) => new(
        "VocabularyInvalid", GptErrorKind.InvalidData, $"The character vocabulary cannot be used: {problem}. Give each character once.");
}
