using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Generation;

/// <summary>
/// Continues texts with a model, one at a time, token by token. Where a text outgrows the model's context, the model goes on
/// from the last half of the context. Not safe to use from several threads.
/// </summary>
public sealed class TextGenerator : IDisposable
{
    private readonly GptDecoder decoder;
    private readonly Tokenizer tokenizer;
    private readonly int contextLength;
    private int streamCount;

    /// <summary>Allocates the model's memory of what it reads.</summary>
    /// <param name="model">The model; it must outlive the generator.</param>
    /// <exception cref="GptException"><c>TokenizerMissing</c>, <c>OutOfMemory</c>.</exception>
    public TextGenerator(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        tokenizer = model.Tokenizer ?? throw new GptException("TokenizerMissing", GptErrorKind.InvalidArgument,
            $"The model '{model.Name}' came without a tokenizer, so it cannot read or write text. Load it together with its tokenizer.");
        contextLength = model.Configuration.ContextLength;
        decoder = new GptDecoder(model);
    }

    /// <summary>Continues a prompt; each token is made when it is asked for.</summary>
    /// <param name="prompt">What to continue: not empty, and not longer than the model's context.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the enumeration within one layer's work.</param>
    /// <returns>The tokens. Beginning another stream ends this one. The token that ends a text is not among them.</returns>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>PromptEmpty</c>, <c>PromptTooLong</c>, <c>TextOutsideVocabulary</c> at once;
    /// <c>LogitsNotFinite</c>, <c>StreamReplaced</c> while enumerating.
    /// </exception>
    /// <exception cref="OperationCanceledException">The enumeration was stopped.</exception>
    public IEnumerable<GeneratedToken> Stream(string prompt, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var sampler = new Sampler(options);
        return Read(Choose([.. Encode(prompt)], sampler, options.MaxTokens, cancellationToken));
    }

    /// <summary>Continues a prompt and gives the whole continuation.</summary>
    /// <param name="prompt">What to continue: not empty, and not longer than the model's context.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the completion early with what there is; its reason is <see cref="FinishReason.Stopped"/>.</param>
    /// <param name="onToken">Is told each token when it is made.</param>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>PromptEmpty</c>, <c>PromptTooLong</c>, <c>TextOutsideVocabulary</c>, <c>LogitsNotFinite</c>.
    /// </exception>
    public Completion Complete(string prompt, SamplingOptions options, CancellationToken cancellationToken = default, Action<GeneratedToken>? onToken = null)
    {
        var start = Stopwatch.GetTimestamp();
        var tokens = new List<int>();
        var text = new StringBuilder();
        var wasStopped = false;
        try
        {
            foreach (var token in Stream(prompt, options, cancellationToken))
            {
                tokens.Add(token.Id);
                text.Append(token.Text);
                onToken?.Invoke(token);
            }
        }
        catch (OperationCanceledException)
        {
            wasStopped = true;
        }

        return new Completion
        {
            Prompt = prompt,
            Text = text.ToString(),
            Tokens = [.. tokens],
            FinishReason = wasStopped ? FinishReason.Stopped : tokens.Count == options.MaxTokens ? FinishReason.MaxTokens : FinishReason.EndOfText,
            TokensPerSecond = tokens.Count / Stopwatch.GetElapsedTime(start).TotalSeconds,
            Seed = options.Seed,
        };
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose() => decoder.Dispose();

    private int[] Encode(string prompt)
    {
        if (string.IsNullOrEmpty(prompt))
        {
            throw new GptException("PromptEmpty", GptErrorKind.InvalidArgument,
                "The prompt is empty, so there is nothing to continue. Give at least one character, such as 'Once upon a time'.");
        }

        var tokens = tokenizer.Encode(prompt);
        return tokens.Length <= contextLength ? tokens : throw new GptException("PromptTooLong", GptErrorKind.LimitExceeded,
            $"The prompt has {tokens.Length} tokens, but the model reads {contextLength} at most. Shorten the prompt, or give only its end.");
    }

    private IEnumerable<GeneratedToken> Read(IEnumerable<int> ids)
    {
        var characters = new IncrementalDecoder(tokenizer);
        GeneratedToken? open = null;
        foreach (var id in ids)
        {
            if (open is not null)
                yield return open.Value;
            var token = new GeneratedToken(id, characters.Append(id));

            // A token that ends within a character waits for the next one: were it the last, it would have to tell the rest.
            open = characters.IsOpen ? token : null;
            if (open is null)
                yield return token;
        }

        if (open is not null)
            yield return open.Value with { Text = open.Value.Text + characters.Finish() };
    }

    private IEnumerable<int> Choose(List<int> tokens, Sampler sampler, int maximumCount, CancellationToken cancellationToken)
    {
        var stream = ++streamCount;
        decoder.Reset();
        for (var count = 0; count < maximumCount; count++)
        {
            var id = ChooseNext(stream, tokens, sampler, cancellationToken);
            if (id == tokenizer.EndOfTextToken)
                yield break;
            tokens.Add(id);
            yield return id;
        }
    }

    private int ChooseNext(int stream, List<int> tokens, Sampler sampler, CancellationToken cancellationToken)
    {
        if (stream != streamCount)
        {
            throw new GptException("StreamReplaced", GptErrorKind.InvalidArgument,
                "Another text was begun, so this one cannot go on. Finish a text before the next, or use a generator for each.");
        }

        var text = CollectionsMarshal.AsSpan(tokens);
        var logits = decoder.Append(text[^CountUnread(text.Length)..], cancellationToken);

        // A model may have room for more tokens than its tokenizer knows.
        return sampler.Sample(logits[..tokenizer.VocabularySize]);
    }

    private int CountUnread(int tokenCount)
    {
        if (decoder.Position == 0)
            return tokenCount;
        if (decoder.Position < contextLength)
            return 1;
        decoder.Reset();
        return Math.Max(1, contextLength / 2);
    }
}
