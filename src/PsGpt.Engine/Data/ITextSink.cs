namespace PsGpt.Data;

/// <summary>
/// Takes texts that come in parts: <see cref="BeginText"/>, any number of <see cref="Append"/>, then <see cref="EndText"/>.
/// </summary>
public interface ITextSink
{
    /// <summary>Begins a text.</summary>
    /// <param name="source">The origin of the text, such as a file's path; null where it has none.</param>
    void BeginText(string? source);

    /// <summary>Takes the next part of the text.</summary>
    /// <param name="text">Any number of characters; valid until the call returns.</param>
    /// <exception cref="GptException">The part cannot be used. The caller then drops the text.</exception>
    void Append(ReadOnlySpan<char> text);

    /// <summary>Ends the text.</summary>
    void EndText();

    /// <summary>Forgets the text that was begun, as far as that is possible.</summary>
    void DropText();
}
