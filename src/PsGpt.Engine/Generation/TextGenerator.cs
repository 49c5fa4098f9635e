using System.Diagnostics;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Generation;

/// <summary>
/// Continues texts with a model, one or several at a time, token by token. Where a text fills the model's context, the model
/// continues from the last half of it. Not safe to use from several threads.
/// </summary>
public sealed class TextGenerator : IDisposable
{
    private readonly GptModel model;
    private readonly Tokenizer tokenizer;
    private readonly IReadOnlyList<int> endOfText;
    private readonly WeightDataType cacheType;
    private GptDecoder? decoder;
    private int runCount;

    /// <summary>Prepares a model; the memory of what it reads is allocated with the first text.</summary>
    /// <param name="model">The model; it must outlive the generator.</param>
    /// <param name="cacheType">How keys and values are kept: <c>Float32</c>, <c>BFloat16</c> or <c>Q8_0</c>.</param>
    /// <exception cref="GptException"><c>TokenizerMissing</c>.</exception>
    public TextGenerator(GptModel model, WeightDataType cacheType = WeightDataType.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.model, this.cacheType, tokenizer) = (model, cacheType, model.RequireTokenizer());
        endOfText = tokenizer.EndOfTextTokens;
    }

    /// <summary>Checks a prompt and options.</summary>
    /// <param name="prompt">What to continue; an empty one starts a new text, after the token that ends one.</param>
    /// <param name="options">How.</param>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>PromptEmpty</c>, <c>PromptTooLong</c>, <c>TextOutsideVocabulary</c>.
    /// </exception>
    public CompletionRequest Request(string prompt, SamplingOptions options) => CompletionRequest.Of(model, prompt, options);

    /// <summary>Checks a prompt of tokens and options.</summary>
    /// <param name="tokens">What to continue, in the ids of the model's tokenizer.</param>
    /// <param name="options">How.</param>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, or what the other overload throws.</exception>
    public CompletionRequest Request(ReadOnlySpan<int> tokens, SamplingOptions options) => CompletionRequest.Of(model, tokens, options);

    /// <summary>Continues a prompt; each token is made when it is asked for.</summary>
    /// <param name="prompt">What to continue.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the enumeration within one layer's work.</param>
    /// <returns>The tokens. Beginning another text ends this one. The token that ends a text is not among them.</returns>
    /// <exception cref="GptException">What <see cref="Request(string, SamplingOptions)"/> throws, at once; <c>LogitsNotFinite</c>,
    /// <c>NoTokenLeft</c>, <c>SamplerFailed</c>, <c>StreamReplaced</c> while enumerating.</exception>
    /// <exception cref="OperationCanceledException">The enumeration was stopped.</exception>
    public IEnumerable<GeneratedToken> Stream(string prompt, SamplingOptions options, CancellationToken cancellationToken = default) =>
        Stream(Request(prompt, options), cancellationToken);

    /// <inheritdoc cref="Stream(string, SamplingOptions, CancellationToken)"/>
    public IEnumerable<GeneratedToken> Stream(CompletionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Options.BeamCount is null ? Read(Start(request), cancellationToken) : throw new GptException(
            "SamplingInvalid", GptErrorKind.InvalidArgument, "Beams know their text only at the end, so it cannot be streamed.");
    }

    /// <summary>Continues a prompt and gives the whole continuation.</summary>
    /// <param name="prompt">What to continue.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the completion early with what there is: <see cref="FinishReason.Stopped"/>.</param>
    /// <exception cref="GptException">
    /// What <see cref="Request(string, SamplingOptions)"/> throws; <c>LogitsNotFinite</c>, <c>NoTokenLeft</c>, <c>SamplerFailed</c>.
    /// </exception>
    public Completion Complete(string prompt, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var request = Request(prompt, options);
        if (options.BeamCount is not null)
            return Search(request, cancellationToken: cancellationToken)[0];
        var (completion, error) = CompleteAll([request], cancellationToken)[0];
        return completion ?? throw error!;
    }

    /// <summary>Continues several prompts at the same time: the weights are read once for a token of each.</summary>
    /// <param name="requests">The prompts. A number of beams has no meaning here; see <see cref="Search"/>.</param>
    /// <param name="cancellationToken">Ends the completions early with what there is: <see cref="FinishReason.Stopped"/>.</param>
    /// <param name="onToken">Is called with the number of tokens that were made so far.</param>
    /// <returns>A result for each request, in their order; each completion is bit for bit what it would be alone.</returns>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    public IReadOnlyList<CompletionResult> CompleteAll(
        IReadOnlyList<CompletionRequest> requests, CancellationToken cancellationToken = default, Action<int>? onToken = null)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var start = Stopwatch.GetTimestamp();
        List<Continuation> texts = [.. requests.Select(Start)];
        using var timeout = TimeLimit.Of(requests, cancellationToken);
        try
        {
            var batch = BatchOf(texts);
            while (batch.Advance(timeout.Token))
                onToken?.Invoke(texts.Sum(text => text.Count));
        }
        catch (OperationCanceledException)
        {
            texts.ForEach(text => text.Stop(timeout.Reason));
        }

        var speed = texts.Sum(text => text.Count) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return [.. texts.Select(text => ToResult(text, speed))];
    }

    /// <summary>Searches the likeliest continuations of a prompt with beams.</summary>
    /// <param name="request">The prompt, with the number of beams.</param>
    /// <param name="count">How many continuations to give, at most as many as beams.</param>
    /// <param name="cancellationToken">Ends the search early with what there is: <see cref="FinishReason.Stopped"/>.</param>
    /// <param name="onToken">Is called with the length of the beams after each step.</param>
    /// <returns>The continuations, the best first.</returns>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>LogitsNotFinite</c>, <c>NoTokenLeft</c>, <c>SamplerFailed</c>, <c>OutOfMemory</c>.
    /// </exception>
    public IReadOnlyList<Completion> Search(
        CompletionRequest request, int count = 1, CancellationToken cancellationToken = default, Action<int>? onToken = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var beamCount = request.Options.BeamCount ?? 1;
        if (count > beamCount)
        {
            throw new GptException("SamplingInvalid", GptErrorKind.InvalidArgument,
                $"{beamCount} beams give at most as many texts, but {count} are asked for. Give more beams, or ask for fewer texts.");
        }

        var start = Stopwatch.GetTimestamp();
        using var timeout = TimeLimit.Of([request], cancellationToken);
        runCount++;
        var search = new BeamSearch(DecoderOf(beamCount), request, endOfText, tokenizer.VocabularySize);
        var texts = search.Run(Start(request), timeout, onToken).Take(count).ToList();
        var speed = texts.Sum(text => text.Count) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var prompt = PromptLogProbabilities(request);
        return [.. texts.Select(text => text.ToCompletion(prompt, speed))];
    }

    /// <summary>Frees the memory; the model stays.</summary>
    public void Dispose() => decoder?.Dispose();

    private Continuation Start(CompletionRequest request) => new(request, tokenizer, endOfText);

    private DecodingBatch BatchOf(IReadOnlyList<Continuation> texts)
    {
        runCount++;
        return new DecodingBatch(DecoderOf(texts.Count), texts, tokenizer.VocabularySize);
    }

    private GptDecoder DecoderOf(int streamCount)
    {
        if (decoder is null || decoder.StreamCount < streamCount)
        {
            decoder?.Dispose();
            decoder = null;
            decoder = new GptDecoder(model, streamCount, cacheType);
        }

        return decoder;
    }

    private IEnumerable<GeneratedToken> Read(Continuation text, CancellationToken cancellationToken)
    {
        var batch = BatchOf([text]);
        var run = runCount;
        using var timeout = TimeLimit.Of([text.Request], cancellationToken);
        GeneratedToken? open = null;
        while (!text.IsFinished && TryNext(batch, text, run, timeout))
        {
            if (open is not null)
                yield return open.Value;

            // A token whose text is not complete waits for the next one: if it turns out to be the last, it also carries the rest.
            open = text.IsOpen ? text.Last : null;
            if (open is null)
                yield return text.Last;
        }

        if (open is not null)
            yield return open.Value with { Text = open.Value.Text + text.Finish() };
    }

    // False where the text has ended without another token.
    private bool TryNext(DecodingBatch batch, Continuation text, int run, TimeLimit timeout)
    {
        if (run != runCount)
        {
            throw new GptException("StreamReplaced", GptErrorKind.InvalidArgument,
                "Another text was begun, so this one cannot continue. Finish a text before the next, or use a generator for each.");
        }

        var count = text.Count;
        try
        {
            batch.Advance(timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.Reason == FinishReason.Timeout)
        {
            text.Stop(FinishReason.Timeout);
        }

        return text.Error is null ? text.Count > count : throw text.Error;
    }

    private CompletionResult ToResult(Continuation text, double speed) => text.Error is not null
        ? new CompletionResult(null, text.Error)
        : new CompletionResult(text.ToCompletion(PromptLogProbabilities(text.Request), speed), null);

    private List<TokenLogProbability> PromptLogProbabilities(CompletionRequest request)
    {
        if (!request.Options.LogProbability || !request.Options.Echo)
            return [];
        var (tokens, V) = (request.Tokens, model.Configuration.VocabularySize);
        using var pass = new GptPass(model, 1, tokens.Length, forTraining: false);
        var logits = new float[tokens.Length * V];
        pass.ComputeLogits(tokens, logits);
        List<TokenLogProbability> result = [LogProbabilities.OfFirst(tokenizer, tokens[0])];
        for (var i = 1; i < tokens.Length; i++)
            result.Add(LogProbabilities.Of(tokenizer, logits.AsSpan((i - 1) * V, tokenizer.VocabularySize), tokens[i]));
        return result;
    }
}
