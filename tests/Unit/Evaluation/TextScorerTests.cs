using PsGpt.Data;
using PsGpt.Evaluation;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Unit.Evaluation;

public sealed class TextScorerTests
{
    private static readonly int[] Ids = [.. Enumerable.Range(0, 60).Select(i => (i * 7) % 23)];

    [Fact]
    public void The_surprisal_of_a_token_is_its_negative_log_probability()
    {
        using var model = NewModel();
        var ids = Ids[..10];
        var tokens = ScoreTokens(model, ids, overlap: 0);
        Assert.Equal(Enumerable.Range(1, 9).Select(i => (long)i), tokens.Select(token => token.Position));
        AssertSurprisals(ReferenceSurprisal.Of(model, ids), tokens.Select(token => token.Surprisal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(15)]
    public void A_long_text_is_scored_in_windows_that_overlap(int overlap)
    {
        using var model = NewModel();
        var T = model.Configuration.ContextLength;
        var expected = new List<double>();
        for (var start = 0; expected.Count < Ids.Length - 1; start += T - overlap)
            expected.AddRange(ReferenceSurprisal.Of(model, Ids[start..Math.Min(start + T + 1, Ids.Length)]).Skip(start == 0 ? 0 : overlap));
        AssertSurprisals(expected, ScoreTokens(model, Ids, overlap).Select(token => token.Surprisal));
    }

    [Fact]
    public void The_windows_of_a_text_overlap_by_half_of_the_context()
    {
        using var model = NewModel();
        var half = ScoreTokens(model, Ids, overlap: model.Configuration.ContextLength / 2);
        var usual = ScoreTokens(model, Ids, overlap: null);
        Assert.Equal(
            half.Select(token => (token.Position, token.Token, token.Surprisal)),
            usual.Select(token => (token.Position, token.Token, token.Surprisal)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Validation_of_a_training_and_a_text_without_overlap_have_the_same_loss_to_the_bit(int batchSize)
    {
        using var model = NewModel();
        var T = model.Configuration.ContextLength;
        for (var batchCount = 1; batchCount <= 24; batchCount++)
        {
            int[] ids = [.. Enumerable.Range(0, (batchCount * batchSize * T) + 1).Select(i => (i * i) % 23)];
            var options = new TrainingRunOptions
            {
                BatchSize = batchSize, SequenceLength = T, Order = BatchOrder.Sequential, ValidationBatches = batchCount,
            };
            var dataset = new TokenDataset(new TokenSequence(ids), new TokenSequence(ids));
            var validation = new LossEvaluator(model, dataset, options).Measure();
            var score = ScoreTokens(model, ids, overlap: 0).Average(token => token.Surprisal);
            Assert.Equal(BitConverter.SingleToInt32Bits((float)score), BitConverter.SingleToInt32Bits(validation.Loss));
        }
    }

    [Fact]
    public void Lines_that_are_scored_together_have_the_scores_that_they_have_alone_and_come_in_order()
    {
        using var model = NewModel(TokenizerOf("the quick brown fox\n"));
        string[] lines = ["the fox", "", "fox the quick brown fox the quick brown fox", "x", "brown", "the quick"];
        var together = ScoreLines(model, lines, batchSize: 64);
        Assert.Equal(lines, together.Select(line => line.Text));
        Assert.Equal([1, 2, 3, 4, 5, 6], together.Select(line => line.LineNumber));
        foreach (var (line, alone) in together.Zip(lines.Select(text => ScoreLines(model, [text], batchSize: 1).Single())))
        {
            Assert.Equal(line.Text.Length, line.TokenCount);
            Assert.Equal(alone.Sum, line.Sum, 1e-5);
            Assert.Equal(alone.Maximum, line.Maximum, 1e-5);
            Assert.Equal(line.TokenCount == 0 ? 0 : alone.Sum / line.TokenCount, line.Loss, 1e-5);
            Assert.Equal(alone.Surprisal, line.Surprisal, 1e-5);
        }
    }

    [Fact]
    public void A_line_is_scored_after_a_newline()
    {
        var tokenizer = TokenizerOf("the quick brown fox\n");
        using var model = NewModel(tokenizer);
        var expected = ReferenceSurprisal.Of(model, tokenizer.Encode("\nthe fox")).Sum();
        Assert.Equal(expected, ScoreLines(model, ["the fox"], batchSize: 1).Single().Sum, 1e-4);
    }

    [Fact]
    public void The_surprisal_of_a_line_is_a_root_mean_square_that_counts_two_more_tokens()
    {
        var tokenizer = TokenizerOf("the quick brown fox\n");
        using var model = NewModel(tokenizer);
        var tokens = ReferenceSurprisal.Of(model, tokenizer.Encode("\nthe fox"));
        var expected = Math.Sqrt(tokens.Sum(surprisal => surprisal * surprisal) / (7 + 2));
        Assert.Equal(expected, ScoreLines(model, ["the fox"], batchSize: 1).Single().Surprisal, 1e-4);
    }

    [Fact]
    public void A_text_is_scored_after_the_token_that_ends_texts()
    {
        using var model = NewModel(TokenizerCatalog.Gpt2);
        var ids = TokenizerCatalog.Gpt2.Encode("The fox");
        var score = TextScorer.Score(model, "The fox");
        Assert.Equal(2, score.TokenCount);
        var expected = ReferenceSurprisal.Of(model, [50256, .. ids]).Average();
        Assert.Equal(expected, score.Loss, 1e-5);
        Assert.Equal(Math.Exp(expected), score.Perplexity, 1);
        Assert.Equal(expected * 2 / Math.Log(2) / 7, score.BitsPerByte!.Value, 1e-5);
    }

    [Theory]
    [InlineData("The quick brown fox, 12 of them")]
    [InlineData("Grüße – 你好 👩‍🚀 und so weiter")]
    public void Tokens_have_their_place_in_the_text_also_where_it_comes_in_parts(string text)
    {
        using var model = NewModel(TokenizerCatalog.Gpt2);
        var expected = TokenOffset.Encode(text, TokenizerCatalog.Gpt2);
        for (var length = 1; length <= text.Length; length += 6)
        {
            var scores = new List<TokenScore>();
            using var scorer = new TextScorer(model) { TokenScored = scores.Add };
            scorer.BeginText("a file");
            foreach (var part in text.Chunk(length))
                scorer.Append(part.AsSpan());
            scorer.End();
            scorer.Flush();
            Assert.Equal(expected.Select(token => (token.Id, (long)token.Offset, token.Text)), scores.Select(Place));
            Assert.All(scores, score => Assert.Equal("a file", score.Source));
        }
    }

    [Fact]
    public void Tokens_without_a_text_have_their_place_in_the_text_that_they_stand_for()
    {
        using var model = NewModel(TokenizerCatalog.Gpt2);
        var ids = TokenizerCatalog.Gpt2.Encode("The quick fox");
        Assert.Equal([(464, 0, "The"), (2068, 3, " quick"), (21831, 9, " fox")], ScoreTokens(model, ids, overlap: 0).Select(Place));
    }

    [Fact]
    public void A_text_without_a_token_to_score_is_an_error_and_the_next_one_is_scored()
    {
        using var model = NewModel(TokenizerCatalog.Gpt2);
        var scores = new List<TextScore>();
        using var scorer = new TextScorer(model) { TextScored = scores.Add };
        scorer.BeginText(source: null);
        Assert.Equal("TextEmpty", Assert.Throws<GptException>(scorer.End).ErrorId);
        scorer.Drop();
        scorer.BeginText(source: null);
        scorer.Append("fox");
        scorer.End();
        scorer.Flush();
        Assert.Single(scores);
    }

    [Fact]
    public void Nothing_of_a_dropped_text_is_scored()
    {
        using var model = NewModel();
        var scores = new List<TokenScore>();
        using var scorer = new TextScorer(model) { TokenScored = scores.Add };
        scorer.BeginText(source: null);
        scorer.Append(new TokenSequence(Ids));
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => scorer.Append(new TokenSequence([23]))).ErrorId);
        scorer.Drop();
        scorer.Flush();
        Assert.Empty(scores);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(16)]
    public void An_overlap_leaves_room_for_new_tokens(int overlap)
    {
        using var model = NewModel();
        Assert.Equal("OverlapInvalid", Assert.Throws<GptException>(() => ScoreTokens(model, Ids, overlap)).ErrorId);
    }

    [Fact]
    public void A_cancelled_call_ends()
    {
        using var model = NewModel();
        using var scorer = new TextScorer(model, cancellationToken: new CancellationToken(canceled: true));
        scorer.BeginText(source: null);
        scorer.Append(new TokenSequence(Ids));
        scorer.End();
        Assert.ThrowsAny<OperationCanceledException>(scorer.Flush);
    }

    private static (int Token, long Offset, string Text) Place(TokenScore score) => (score.Token, score.Offset, score.Text);

    private static CharacterTokenizer TokenizerOf(string text) => CharacterTrainer.Train([text]);

    private static GptModel NewModel(Tokenizer? tokenizer = null) => ModelInitializer.Create(
        new GptConfiguration
        {
            VocabularySize = tokenizer?.VocabularySize ?? 23, ContextLength = 16, LayerCount = 2, HeadCount = 2, ChannelCount = 16,
            Activation = ActivationFunction.GeluTanh,
        },
        tokenizer, seed: 3);

    private static List<TokenScore> ScoreTokens(GptModel model, int[] ids, int? overlap)
    {
        var scores = new List<TokenScore>();
        using var scorer = new TextScorer(model, new TextScorerOptions { Overlap = overlap }) { TokenScored = scores.Add };
        scorer.BeginText(source: null);
        scorer.Append(new TokenSequence(ids));
        scorer.End();
        scorer.Flush();
        return scores;
    }

    private static List<LineScore> ScoreLines(GptModel model, string[] lines, int batchSize)
    {
        var scores = new List<LineScore>();
        using var scorer = new TextScorer(model, new TextScorerOptions { BatchSize = batchSize }) { LineScored = scores.Add };
        foreach (var (index, line) in lines.Index())
        {
            scorer.BeginLine(source: null, index + 1);
            scorer.Append(line);
            scorer.End();
        }

        scorer.Flush();
        return scores;
    }

    private static void AssertSurprisals(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        var pairs = expected.Zip(actual).ToArray();
        Assert.Equal(expected.Count(), actual.Count());
        Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
