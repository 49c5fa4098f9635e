using System.Globalization;
using PsGpt.Inspection;
using PsGpt.Model;

namespace PsGpt.Generation;

/// <summary>A token that a model expects after a position of a text, and how likely it holds it.</summary>
public sealed class TokenPrediction
{
    private TokenPrediction()
    {
    }

    /// <summary>The position of the text, from 0; the token is expected at the next one.</summary>
    public int Position { get; private init; }

    /// <summary>The text of the token at the position.</summary>
    public string After { get; private init; } = "";

    /// <summary>The layer after which the model was read out; the last one is the model's own answer.</summary>
    public int Layer { get; private init; }

    /// <summary>1 for the likeliest token; of equally likely ones the lower id comes first.</summary>
    public int Rank { get; private init; }

    /// <summary>The id of the expected token.</summary>
    public int Token { get; private init; }

    /// <summary>Its text; a part of a character is U+FFFD.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Its probability, 0 to 1, before any sampler.</summary>
    public double Probability => Math.Exp(LogProbability);

    /// <summary>The natural logarithm of its probability.</summary>
    public double LogProbability { get; private init; }

    /// <summary>The likeliest next tokens at each position of a text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The text, in the ids of the model; at most its context length.</param>
    /// <param name="count">How many tokens for each position, at least 1; at most the vocabulary are given.</param>
    /// <param name="layers">
    /// The layers to read out, from 0: the final norm and the head are applied to the residual stream after the layer (the logit
    /// lens, nostalgebraist 2020). Null for the last one.
    /// </param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <returns>Layer by layer as given, in each position by position, in each by rank.</returns>
    /// <exception cref="GptException">
    /// <c>LayerNotFound</c>, <c>TextEmpty</c>, <c>SequenceTooLong</c>, <c>TokenOutsideVocabulary</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static IReadOnlyList<TokenPrediction> Compute(
        GptModel model, ReadOnlySpan<int> tokens, int count = 5, IReadOnlyList<int>? layers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        layers ??= [model.Configuration.LayerCount - 1];
        ModelActivations.RequireLayers(model, layers);
        var predictions = new List<TokenPrediction>();
        using var section = model.BeginRead();
        using var pass = new InspectedPass(model, tokens.Length);
        pass.Run(tokens, cancellationToken);
        foreach (var layer in layers)
        {
            var logits = pass.ComputeLogitsAfter(layer);
            for (var position = 0; position < tokens.Length; position++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var V = model.Configuration.VocabularySize;
                Add(predictions, model, layer, position, tokens[position], logits.AsSpan(position * V, V), count);
            }
        }

        return predictions;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Position} '{After}' → '{Text}' {Probability:0.000}");

    private static void Add(
        List<TokenPrediction> predictions, GptModel model, int layer, int position, int token, ReadOnlySpan<float> logits, int count)
    {
        var total = Softmax.LogSumExp(logits);
        var rank = 0;
        foreach (var candidate in LogProbabilities.Top(logits, count))
        {
            predictions.Add(new TokenPrediction
            {
                Position = position, After = TokenTexts.Of(model, token), Layer = layer, Rank = ++rank,
                Token = candidate.Id, Text = TokenTexts.Of(model, candidate.Id), LogProbability = candidate.Score - total,
            });
        }
    }
}
