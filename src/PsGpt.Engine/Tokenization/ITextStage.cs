using System.Text;

namespace PsGpt.Tokenization;

/// <summary>A stage of encoding that remembers something of the text before.</summary>
internal interface ITextStage
{
    /// <summary>Starts within a text, at a border of tokens.</summary>
    /// <param name="before">The character before.</param>
    void StartAfter(Rune before);

    /// <summary>Whether its state is the one in which it starts after a character.</summary>
    bool IsAfter(Rune before);
}
