using PsGpt.Plugins;

namespace PsGpt.Generation;

/// <summary>
/// Chooses the next token from a model's logits: applies samplers one after the other, then draws from the softmax of what they
/// left, or takes the likeliest. The same seed and logits give the same tokens. After the first call the built-in samplers
/// allocate nothing. Not safe to use from several threads.
/// </summary>
public sealed class SamplerChain
{
    private readonly IReadOnlyList<ISampler> samplers;
    private readonly RandomStream? random;
    private readonly RandomStream unused = new(0);
    private float[] scores = [];
    private double[] weights = [];

    /// <summary>Makes a chain.</summary>
    /// <param name="samplers">The samplers in the order in which they are applied.</param>
    /// <param name="random">What tokens are drawn with; null takes the likeliest, of equal ones the lower id.</param>
    public SamplerChain(IReadOnlyList<ISampler> samplers, RandomStream? random) => (this.samplers, this.random) = (samplers, random);

    /// <summary>The chain that options describe, in the order of <see cref="SamplerCatalog"/>.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="endOfTextTokens">The ids that end a text.</param>
    /// <exception cref="GptException"><c>SamplingInvalid</c>.</exception>
    public static SamplerChain Of(SamplingOptions options, params IReadOnlyList<int> endOfTextTokens) =>
        Of(new SamplerSetup(options, endOfTextTokens));

    /// <summary>The chain for a completion, in the order of <see cref="SamplerCatalog"/>.</summary>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>PluginNotFound</c>, <c>PluginParameterUnknown</c>, <c>PluginFailed</c>.
    /// </exception>
    internal static SamplerChain Of(SamplerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var options = setup.Options;
        options.Validate();
        var names = options.Sampler.Select(own => own.Name).OfType<string>();
        PluginArguments.Require(options.PluginParameter, [.. names.Select(SamplerCatalog.Registry.Get)]);
        setup = setup with { PluginParameter = options.PluginParameter };
        List<ISampler> samplers =
        [
            .. Create(SamplerCatalog.Processors, setup),
            .. options.Sampler.Select(own => own.Sampler ?? CreateOwn(own.Name!, setup)),
        ];
        var isDrawn = options.Temperature > 0 && options.BeamCount is null;
        if (isDrawn)
            samplers.AddRange(Create(SamplerCatalog.Warpers, setup));
        return new SamplerChain(samplers, isDrawn ? new RandomStream(options.Seed) : null);
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">A number for each token (V); −∞ rules one out. Of equal ones the lower id is the likelier.</param>
    /// <param name="tokens">The prompt and what was generated so far.</param>
    /// <param name="promptLength">How many of those are the prompt.</param>
    /// <param name="cancellationToken">Is passed on to the samplers.</param>
    /// <returns>An index into <paramref name="logits"/>.</returns>
    /// <exception cref="GptException">
    /// <c>LogitsNotFinite</c>: a logit is NaN or +∞, or all are −∞. <c>NoTokenLeft</c>: the samplers ruled out every token.
    /// <c>SamplerFailed</c>: a sampler made NaN or +∞.
    /// </exception>
    public int Sample(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> tokens = default, int promptLength = 0, CancellationToken cancellationToken = default)
    {
        var left = Apply(logits, tokens, promptLength, cancellationToken);
        return random is null ? Softmax.Argmax(left) : Multinomial(left);
    }

    /// <summary>Applies the samplers without choosing.</summary>
    /// <returns>The logits as the samplers left them (V); valid until the next call.</returns>
    /// <exception cref="GptException"><c>LogitsNotFinite</c>, <c>NoTokenLeft</c>, <c>SamplerFailed</c>.</exception>
    public ReadOnlySpan<float> Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> tokens, int promptLength, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(logits.Length);
        RequireFinite(logits);
        if (scores.Length < logits.Length)
            scores = new float[logits.Length];
        var changed = scores.AsSpan(0, logits.Length);
        logits.CopyTo(changed);
        var state = new SamplingState(tokens, promptLength, random ?? unused, cancellationToken);
        for (var i = 0; i < samplers.Count; i++)
            samplers[i].Apply(changed, state);
        RequireChoice(changed);
        return changed;
    }

    private static IEnumerable<ISampler> Create(IReadOnlyList<string> names, SamplerSetup setup) =>
        names.Select(name => SamplerCatalog.Registry.Get(name).Create(setup)).OfType<ISampler>();

    private static ISampler CreateOwn(string name, SamplerSetup setup) =>
        SamplerCatalog.Registry.Get(name).Create(setup) ?? throw new GptException("SamplingInvalid", GptErrorKind.InvalidArgument,
            $"The sampler '{name}' has nothing to do with these options. Give the option that it belongs to, or leave the sampler out.");

    /// <summary>Draws a token by the softmax of the logits, in double precision, going through the ids in their order.</summary>
    private int Multinomial(ReadOnlySpan<float> logits)
    {
        if (weights.Length < logits.Length)
            weights = new double[logits.Length];
        var likeliest = Softmax.Argmax(logits);
        double maximum = logits[likeliest];
        var sum = 0.0;
        for (var id = 0; id < logits.Length; id++)
        {
            weights[id] = float.IsNegativeInfinity(logits[id]) ? 0 : Math.Exp(logits[id] - maximum);
            sum += weights[id];
        }

        var rest = random!.NextDouble() * sum;
        for (var id = 0; id < logits.Length; id++)
        {
            rest -= weights[id];
            if (rest < 0)
                return id;
        }

        // Only rounding leads here.
        return likeliest;
    }

    private static void RequireFinite(ReadOnlySpan<float> logits)
    {
        if (FindNotFinite(logits) is >= 0 and var id)
            throw NotFinite($"the logit of token {id} is {(float.IsNaN(logits[id]) ? "NaN" : "infinite")}");
        if (float.IsNegativeInfinity(Softmax.Maximum(logits)))
            throw NotFinite("every token is ruled out");
    }

    private static void RequireChoice(ReadOnlySpan<float> scores)
    {
        if (FindNotFinite(scores) is >= 0 and var id)
        {
            throw new GptException("SamplerFailed", GptErrorKind.InvalidArgument,
                $"A sampler gave token {id} the logit {(float.IsNaN(scores[id]) ? "NaN" : "+∞")}. "
                + "Give finite numbers, or −∞ to rule a token out.");
        }

        if (float.IsNegativeInfinity(Softmax.Maximum(scores)))
        {
            throw new GptException("NoTokenLeft", GptErrorKind.InvalidArgument,
                "The rules of the completion together rule out every token, so the text cannot continue. "
                + "Ban less, or allow shorter repetitions.");
        }
    }

    /// <summary>The first id whose logit is NaN or +∞, or −1.</summary>
    private static int FindNotFinite(ReadOnlySpan<float> logits)
    {
        for (var id = 0; id < logits.Length; id++)
        {
            if (!(logits[id] <= float.MaxValue))
                return id;
        }

        return -1;
    }

    private static GptException NotFinite(string problem) => new("LogitsNotFinite", GptErrorKind.InvalidData,
        $"The model's answer is no probability: {problem}. Its weights may be broken, or its training diverged; "
        + "load it again or take an older checkpoint.");
}
