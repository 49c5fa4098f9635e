using System.Text;
using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Generation;

public sealed class TextGeneratorTests
{
    private const int ContextLength = 12;

    private static readonly SamplingOptions Greedy = new() { Temperature = 0, MaxTokens = 40 };

    [Theory]
    [InlineData("a")]
    [InlineData("hello")]
    [InlineData("a full window")] // 13 bytes, cut to the context below
    public void Greedy_text_is_that_of_the_whole_forward_pass_also_beyond_the_context(string prompt)
    {
        prompt = prompt[..Math.Min(prompt.Length, ContextLength)];
        using var model = RandomModel();
        using var generator = new TextGenerator(model);
        var actual = generator.Complete(prompt, Greedy);
        Assert.Equal(Uncached(model, model.Tokenizer!.Encode(prompt), Greedy.MaxTokens), actual.Tokens);
        Assert.Equal(FinishReason.MaxTokens, actual.FinishReason);
    }

    [Fact]
    public void The_pieces_together_are_the_text_of_all_tokens_and_none_is_half_a_character()
    {
        using var model = RandomModel();
        using var generator = new TextGenerator(model);
        for (ulong seed = 0; seed < 20; seed++)
        {
            var tokens = generator.Stream("x", new SamplingOptions { Temperature = 5, Seed = seed, MaxTokens = 100 }).ToList();
            // The last character may be cut: then its bytes are left out.
            var text = model.Tokenizer!.Decode([.. tokens.Select(token => token.Id)]);
            Assert.StartsWith(string.Concat(tokens.Select(token => token.Text)), text, StringComparison.Ordinal);
            Assert.InRange(text.Length - tokens.Sum(token => token.Text.Length), 0, 1);
            Assert.All(tokens, token => Assert.Equal(token.Text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(token.Text))));
        }
    }

    [Fact]
    public void A_character_of_several_tokens_comes_with_its_last_one()
    {
        using var model = ChainModel.Following(Encoding.UTF8.GetBytes("aé€😀z"));
        using var generator = new TextGenerator(model);
        var tokens = generator.Stream("a", Greedy).ToList();
        Assert.Equal(["", "é", "", "", "€", "", "", "", "😀", "z"], tokens.Select(token => token.Text));
        Assert.Equal("é€😀z", generator.Complete("a", Greedy).Text);
    }

    [Fact]
    public void The_text_ends_at_the_end_of_text_token_which_is_not_part_of_it()
    {
        using var model = ChainModel.Following("abc"u8.ToArray());
        using var generator = new TextGenerator(model);
        var completion = generator.Complete("a", Greedy);
        Assert.Equal(("bc", FinishReason.EndOfText), (completion.Text, completion.FinishReason));
        Assert.Equal("bc"u8.ToArray().Select(value => (int)value), completion.Tokens);
        Assert.Equal("bc", completion.ToString());
    }

    [Fact]
    public void What_remains_of_a_character_at_the_end_of_the_text_comes_with_the_last_token()
    {
        using var model = ChainModel.Following((byte)'a', 0xE2);
        using var generator = new TextGenerator(model);
        Assert.Equal([new GeneratedToken(0xE2, "\uFFFD")], generator.Stream("a", Greedy));
        Assert.False(generator.Complete("a", Greedy).EndsWithinCharacter);
    }

    [Fact]
    public void A_character_that_the_number_of_tokens_cuts_is_left_out_and_reported()
    {
        using var model = ChainModel.Following(Encoding.UTF8.GetBytes("ab€"));
        using var generator = new TextGenerator(model);
        for (var count = 1; count <= 4; count++)
        {
            var completion = generator.Complete("a", Greedy with { MaxTokens = count });
            Assert.Equal((count == 4 ? "b€" : "b", FinishReason.MaxTokens), (completion.Text, completion.FinishReason));
            Assert.Equal((count is 2 or 3, count), (completion.EndsWithinCharacter, completion.Tokens.Count));
            Assert.Equal(
                completion.Text, string.Concat(generator.Stream("a", Greedy with { MaxTokens = count }).Select(token => token.Text)));
        }
    }

    [Fact]
    public void A_cancelled_stream_throws()
    {
        using var model = ChainModel.Following("abcdef"u8.ToArray());
        using var generator = new TextGenerator(model);
        using var cancellation = new CancellationTokenSource();
        using var stream = generator.Stream("a", Greedy, cancellation.Token).GetEnumerator();
        Assert.True(stream.MoveNext());
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => stream.MoveNext());
    }

    [Fact]
    public void Tokens_that_the_tokenizer_does_not_know_never_come()
    {
        using var model = ChainModel.Biased(300, (299, 50), (256, 50), ('q', 20));
        using var generator = new TextGenerator(model);
        Assert.Equal("qqqqq", generator.Complete("a", new SamplingOptions { MaxTokens = 5 }).Text);
    }

    [Fact]
    public void A_stopped_completion_gives_every_token_that_was_made()
    {
        using var cancellation = new CancellationTokenSource();
        using var model = ChainModel.Following("abcdef"u8.ToArray());
        using var generator = new TextGenerator(model);
        ((ByteTokenizer)model.Tokenizer!).Reading = token =>
        {
            if (token == 'd')
                cancellation.Cancel();
        };
        var completion = generator.Complete("a", Greedy, cancellation.Token);
        Assert.Equal(("bcd", FinishReason.Stopped), (completion.Text, completion.FinishReason));
        Assert.Equal("bcdef", generator.Complete("a", Greedy).Text);
    }

    [Fact]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        using var model = RandomModel();
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { Temperature = 2, MaxTokens = 30, Seed = 1 };
        var first = generator.Complete("x", options);
        Assert.Equal(first.Text, generator.Complete("x", options).Text);
        Assert.NotEqual(first.Text, generator.Complete("x", options with { Seed = 2 }).Text);
        Assert.Equal(("x", 1UL), (first.Prompt, first.Seed));
        Assert.True(first.TokensPerSecond > 0);
    }

    [Fact]
    public void A_stream_ends_where_another_begins()
    {
        using var model = ChainModel.Following("abcdef"u8.ToArray());
        using var generator = new TextGenerator(model);
        using var first = generator.Stream("a", Greedy).GetEnumerator();
        Assert.True(first.MoveNext());
        Assert.Equal("def", string.Concat(generator.Stream("c", Greedy).Select(token => token.Text)));
        Assert.Equal("StreamReplaced", Assert.Throws<GptException>(() => first.MoveNext()).ErrorId);
    }

    [Fact]
    public void An_empty_prompt_is_the_first_of_the_tokens_that_end_a_text()
    {
        var tokenizer = ((BytePairTokenizer)TokenizerCatalog.Gpt2).WithEndOfText([50256, 11]);
        using var model = new GptModel(RandomModelConfiguration with { VocabularySize = 50257 }, tokenizer, "two ends");
        using var generator = new TextGenerator(model);
        Assert.Equal([50256], generator.Request("", Greedy).Tokens);
    }

    [Fact]
    public void Bad_requests_are_refused_before_the_first_token()
    {
        using var model = RandomModel();
        using var generator = new TextGenerator(model);
        Assert.Equal("PromptEmpty", Assert.Throws<GptException>(() => generator.Stream("", Greedy)).ErrorId);
        Assert.Throws<ArgumentNullException>(() => generator.Complete(null!, Greedy));
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => generator.Request([256], Greedy)).ErrorId);
        var tooLong = Assert.Throws<GptException>(() => generator.Stream(new string('x', ContextLength + 1), Greedy));
        Assert.Equal(("PromptTooLong", GptErrorKind.LimitExceeded), (tooLong.ErrorId, tooLong.Kind));
        Assert.Contains("13 tokens", tooLong.Message, StringComparison.Ordinal);
        Assert.Equal("SamplingInvalid", Assert.Throws<GptException>(() => generator.Stream("x", Greedy with { TopK = 0 })).ErrorId);
    }

    [Fact]
    public void A_model_without_a_tokenizer_is_refused()
    {
        using var model = new GptModel(RandomModelConfiguration, tokenizer: null, "mute");
        Assert.Equal("TokenizerMissing", Assert.Throws<GptException>(() => new TextGenerator(model)).ErrorId);
    }

    [Fact]
    public void A_broken_model_is_told_from_its_logits()
    {
        using var model = RandomModel();
        model.Weights["wte"].Span.Fill(float.NaN);
        using var generator = new TextGenerator(model);
        Assert.Equal("LogitsNotFinite", Assert.Throws<GptException>(() => generator.Complete("x", Greedy)).ErrorId);
    }

    private static GptConfiguration RandomModelConfiguration => new()
    {
        VocabularySize = 256,
        ContextLength = ContextLength,
        LayerCount = 2,
        HeadCount = 2,
        ChannelCount = 16,
    };

    /// <summary>A model with weights large enough that its choices depend on all that it reads.</summary>
    private static GptModel RandomModel()
    {
        var model = ModelInitializer.Create(RandomModelConfiguration, new ByteTokenizer(), seed: 3);
        foreach (var tensor in model.Weights.Tensors)
        {
            foreach (ref var value in tensor.Span)
                value *= tensor.Name.StartsWith("ln", StringComparison.Ordinal) ? 1 : 15;
        }

        return model;
    }

    /// <summary>The likeliest tokens, each from a forward pass over the whole window.</summary>
    private static List<int> Uncached(GptModel model, int[] prompt, int count)
    {
        var tokens = prompt.ToList();
        var window = prompt;
        for (var i = 0; i < count; i++)
        {
            using var pass = new GptPass(model, 1, window.Length, forTraining: false);
            var logits = new float[window.Length * 256];
            pass.ComputeLogits(window, logits);
            var last = logits[^256..];
            tokens.Add(Array.IndexOf(last, last.Max()));
            window = window.Length < ContextLength ? [.. window, tokens[^1]] : [.. tokens.TakeLast(ContextLength / 2)];
        }

        return tokens[prompt.Length..];
    }
}
