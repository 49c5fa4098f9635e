using System.Text;

namespace PsGpt.Tokenization;

/// <summary>Makes a character vocabulary from a text: its distinct code points in ascending order, as gpt.py does.</summary>
public sealed class CharacterTrainer
{
    private readonly SortedSet<Rune> characters = [];
    private readonly PendingText pending = new();

    /// <summary>Makes the vocabulary of some texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="GptException"><c>TextEmpty</c>.</exception>
    public static CharacterTokenizer Train(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var trainer = new CharacterTrainer();
        foreach (var text in texts)
            trainer.Add(text);
        return trainer.Train();
    }

    /// <summary>Adds a whole text.</summary>
    public void Add(ReadOnlySpan<char> text) => Collect(text, isEnd: true);

    /// <summary>Adds the next part of a text that comes in parts.</summary>
    public void Append(ReadOnlySpan<char> text) => pending.Append(text, Collect);

    /// <summary>Ends the text that came in parts.</summary>
    public void EndText() => pending.Finish(Collect);

    /// <summary>Makes the vocabulary of what was added.</summary>
    /// <exception cref="GptException"><c>TextEmpty</c>.</exception>
    public CharacterTokenizer Train() => characters.Count > 0 ? new CharacterTokenizer([.. characters]) : throw new GptException(
        "TextEmpty", GptErrorKind.InvalidArgument,
            "A vocabulary cannot be made from an empty text. Give the text that the model will be trained on.");

    private int Collect(ReadOnlySpan<char> text, bool isEnd)
    {
        // The second half of the last character may be still to come.
        var end = !isEnd && !text.IsEmpty && char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
        foreach (var character in text[..end].EnumerateRunes())
            characters.Add(character);
        return end;
    }
}
