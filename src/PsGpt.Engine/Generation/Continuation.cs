using System.Runtime.InteropServices;
using PsGpt.Tokenization;

namespace PsGpt.Generation;

/// <summary>One text while it is continued: its tokens so far, its sampler chain, and whether it has ended.</summary>
internal sealed class Continuation(CompletionRequest request, Tokenizer tokenizer, IReadOnlyList<int> endOfText)
{
    private readonly SamplerChain chain =
        SamplerChain.Of(new SamplerSetup(request.Options, endOfText) { Tokenizer = tokenizer });
    private readonly CompletionText text = new(tokenizer, request.Options.StopString ?? []);
    private readonly List<int> tokens = [.. request.Tokens];
    private readonly List<int> starts = [];
    private readonly List<TokenLogProbability> logProbabilities = [];

    public CompletionRequest Request => request;

    /// <summary>The prompt and what was generated so far.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(tokens);

    /// <summary>The number of tokens that were generated.</summary>
    public int Count => tokens.Count - request.Tokens.Length;

    /// <summary>Why it ended; null while it has not.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Why it failed, or null.</summary>
    public GptException? Error { get; private set; }

    public bool IsFinished => FinishReason is not null || Error is not null;

    /// <summary>The last token with the text that it made whole.</summary>
    public GeneratedToken Last { get; private set; }

    /// <summary>Whether some text waits for the next token.</summary>
    public bool IsOpen => text.IsOpen;

    /// <summary>Chooses the next token, or the end of the text.</summary>
    /// <param name="logits">The model's logits in its place (V).</param>
    public void Choose(ReadOnlySpan<float> logits, CancellationToken cancellationToken)
    {
        int id;
        try
        {
            id = chain.Sample(logits, Tokens, request.Tokens.Length, cancellationToken);
        }
        catch (GptException exception)
        {
            Error = exception;
            return;
        }

        Add(id, logits);
    }

    /// <summary>A copy of this text with another token.</summary>
    /// <param name="id">The token.</param>
    /// <param name="logits">The model's logits in its place (V).</param>
    public Continuation Extend(int id, ReadOnlySpan<float> logits)
    {
        var copy = new Continuation(request, tokenizer, endOfText);
        foreach (var token in Tokens[request.Tokens.Length..])
            copy.Take(token);
        copy.logProbabilities.AddRange(logProbabilities);
        copy.Add(id, logits);
        return copy;
    }

    /// <summary>Ends the text early; one that has ended stays as it is.</summary>
    public void Stop(FinishReason reason) => FinishReason ??= reason;

    /// <summary>Gives the text that was held back. The model's own end of a text keeps an incomplete character, as U+FFFD.</summary>
    public string Finish() => text.Finish(keepIncomplete: FinishReason == Generation.FinishReason.EndOfText);

    /// <summary>The completion, once the text has ended.</summary>
    /// <param name="promptLogProbabilities">Those of the prompt, or none.</param>
    /// <param name="tokensPerSecond">How fast tokens were made.</param>
    public Completion ToCompletion(IEnumerable<TokenLogProbability> promptLogProbabilities, double tokensPerSecond)
    {
        var isCut = text.EndsWithinCharacter
            && FinishReason is not (Generation.FinishReason.EndOfText or Generation.FinishReason.StopString);
        Finish();
        var shown = text.ToString();
        var count = Count;
        while (text.StopString is not null && count > 0 && starts[count - 1] >= shown.Length)
            count--;
        return new Completion
        {
            Prompt = request.Prompt,
            Text = request.Options.Echo ? request.Prompt + shown : shown,
            Tokens = Array.AsReadOnly(Tokens.Slice(request.Tokens.Length, count).ToArray()),
            FinishReason = FinishReason!.Value,
            StopString = text.StopString,
            EndsWithinCharacter = isCut,
            Echo = request.Options.Echo,
            TokensPerSecond = tokensPerSecond,
            Seed = request.Options.Seed,
            LogProbabilities = request.Options.LogProbability
                ? Array.AsReadOnly([.. promptLogProbabilities, .. logProbabilities.Take(count)])
                : null,
        };
    }

    private void Add(int id, ReadOnlySpan<float> logits)
    {
        if (endOfText.Contains(id))
        {
            FinishReason = Generation.FinishReason.EndOfText;
            return;
        }

        Take(id);
        if (request.Options.LogProbability)
            logProbabilities.Add(LogProbabilities.Of(tokenizer, logits, id));
    }

    private void Take(int id)
    {
        tokens.Add(id);
        starts.Add(text.Length);
        Last = new GeneratedToken(id, text.Append(id));
        if (text.StopString is not null)
            FinishReason = Generation.FinishReason.StopString;
        else if (Count == request.Options.MaxTokens)
            FinishReason = Generation.FinishReason.MaxTokens;
    }
}
