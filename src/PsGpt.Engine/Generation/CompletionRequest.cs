using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Generation;

/// <summary>A prompt that was checked, with how it is to be continued; from <see cref="TextGenerator"/>.</summary>
public sealed class CompletionRequest
{
    private CompletionRequest(string prompt, int[] tokens, SamplingOptions options, IReadOnlyCollection<string> ignoredSpecialTokens) =>
        (Prompt, Tokens, Options, IgnoredSpecialTokens) = (prompt, tokens, options, ignoredSpecialTokens);

    /// <summary>The text to continue.</summary>
    public string Prompt { get; }

    /// <summary>How it is continued.</summary>
    public SamplingOptions Options { get; }

    /// <summary>
    /// The special tokens whose texts in the prompt are read as plain text, since <see cref="SamplingOptions.AllowSpecial"/> is not set.
    /// </summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens { get; }

    /// <summary>What the model reads.</summary>
    internal int[] Tokens { get; }

    /// <summary>The same with another seed.</summary>
    public CompletionRequest WithSeed(ulong seed) => new(Prompt, Tokens, Options with { Seed = seed }, IgnoredSpecialTokens);

    /// <inheritdoc cref="TextGenerator.Request(string, SamplingOptions)"/>
    internal static CompletionRequest Of(GptModel model, string prompt, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        var tokenizer = model.RequireTokenizer();
        if (prompt.Length == 0)
            return new(prompt, Fit(model, [.. tokenizer.EndOfTextTokens.Take(1)], options), options, []);
        List<int> tokens = [];
        var encoder = new IncrementalEncoder(tokenizer, options.AllowSpecial);
        encoder.Append(prompt, tokens);
        encoder.Finish(tokens);
        return new(prompt, Fit(model, [.. tokens], options), options, encoder.IgnoredSpecialTokens);
    }

    /// <inheritdoc cref="TextGenerator.Request(ReadOnlySpan{int}, SamplingOptions)"/>
    internal static CompletionRequest Of(GptModel model, ReadOnlySpan<int> tokens, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tokenizer = model.RequireTokenizer();
        TokenCheck.RequireInVocabulary(tokens, tokenizer.VocabularySize);
        return new(tokenizer.Decode(tokens), Fit(model, tokens.ToArray(), options), options, []);
    }

    /// <summary>Checks options and length; keeps the end of a longer prompt where that is asked for.</summary>
    private static int[] Fit(GptModel model, int[] tokens, SamplingOptions options)
    {
        options.Validate();
        var contextLength = model.Configuration.ContextLength;
        if (tokens.Length == 0)
        {
            throw new GptException("PromptEmpty", GptErrorKind.InvalidArgument,
                $"The prompt is empty, and '{model.Tokenizer!.Name}' has no token after which a text begins. Give at least one character.");
        }

        if (tokens.Length > contextLength && !options.TruncatePrompt)
        {
            throw new GptException("PromptTooLong", GptErrorKind.LimitExceeded,
                $"The prompt has {tokens.Length} tokens, but the model reads {contextLength} at most. Shorten it, or keep only its end.");
        }

        return tokens.Length > contextLength ? tokens[^contextLength..] : tokens;
    }
}
