using System.Text;
using PsGpt.Inspection;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Evaluation;

/// <summary>The places in their text of tokens that wait for their score.</summary>
internal sealed class TokenPlaces(GptModel model)
{
    private readonly Queue<(long Offset, string Text)> waiting = new();
    private readonly StringBuilder pending = new();
    private IncrementalDecoder? decoder;
    private long offset;

    /// <summary>Takes a part of a text, and the tokens that became certain with it: they stand for whole characters.</summary>
    public void Add(ReadOnlySpan<char> text, ReadOnlySpan<int> tokens)
    {
        pending.Append(text);
        if (tokens.IsEmpty)
            return;
        var places = TokenOffset.Find(pending.ToString(), tokens, model.RequireTokenizer());
        foreach (var place in places)
            waiting.Enqueue((offset + place.Offset, place.Text));
        var end = places[^1].Offset + places[^1].Length;
        pending.Remove(0, end);
        offset += end;
    }

    /// <summary>Takes tokens without a text: their places are those in the text that they stand for.</summary>
    public void Add(ReadOnlySpan<int> tokens)
    {
        if (model.Tokenizer is not null)
            decoder ??= new IncrementalDecoder(model.Tokenizer);
        foreach (var token in tokens)
        {
            waiting.Enqueue((offset, TokenTexts.Of(model, token)));
            offset += decoder?.Append(token).Length ?? 0;
        }
    }

    /// <summary>The place of the next token; null where none waits.</summary>
    public (long Offset, string Text)? Take() => waiting.TryDequeue(out var place) ? place : null;
}
