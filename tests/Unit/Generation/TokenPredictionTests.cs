using PsGpt.Generation;
using PsGpt.Unit.Inspection;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Generation;

public sealed class TokenPredictionTests
{
    [FixtureFact]
    public void Predictions_are_the_softmax_of_the_reference_s_logits_the_likeliest_first()
    {
        using var reference = ReferenceModel.Load("gpt2-tiny");
        var (T, V) = (reference.Batch.SequenceLength, reference.Model.Configuration.VocabularySize);
        var predictions = TokenPrediction.Compute(reference.Model, reference.Batch.Inputs.AsSpan(0, T), count: 3);
        Assert.Equal(3 * T, predictions.Count);
        foreach (var (position, row) in reference.Expected.Floats("logits")[..(T * V)].Chunk(V).Index())
        {
            var total = row.Sum(logit => Math.Exp(logit));
            var expected = row.Index().OrderByDescending(item => item.Item).Take(3).ToArray();
            var actual = predictions.Where(prediction => prediction.Position == position).ToArray();
            Assert.Equal([1, 2, 3], actual.Select(prediction => prediction.Rank));
            Assert.Equal(expected.Select(item => item.Index), actual.Select(prediction => prediction.Token));
            Assert.All(expected.Zip(actual), pair =>
            {
                Assert.Equal(Math.Exp(pair.First.Item) / total, pair.Second.Probability, 1e-6);
                Assert.Equal(pair.First.Item - Math.Log(total), pair.Second.LogProbability, 1e-5);
            });
        }
    }

    [FixtureFact]
    public void A_layer_is_read_out_through_the_final_norm_and_the_head()
    {
        using var reference = ReferenceModel.Load("gpt2-tiny");
        var (tokens, V) = (reference.Batch.Inputs[..6], reference.Model.Configuration.VocabularySize);
        var predictions = TokenPrediction.Compute(reference.Model, tokens, count: 500, layers: [0, 2]);
        Assert.Equal(2 * 6 * V, predictions.Count);
        foreach (var layer in new[] { 0, 2 })
        {
            var expected = new ReferenceForward(reference.Model, tokens).Lens(layer);
            Assert.All(predictions.Where(prediction => prediction.Layer == layer), prediction =>
                Assert.Equal(expected[(prediction.Position * V) + prediction.Token], prediction.Probability, 1e-6));
        }
    }

    [FixtureFact]
    public void A_layer_that_is_not_there_is_an_error_with_those_that_are()
    {
        using var reference = ReferenceModel.Load("gpt2-tiny");
        var error = Assert.Throws<GptException>(() => TokenPrediction.Compute(reference.Model, [1], layers: [3]));
        Assert.Equal("LayerNotFound", error.ErrorId);
        Assert.Contains("0 to 2", error.Message);
    }
}
