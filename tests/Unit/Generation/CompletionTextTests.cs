using System.Text;
using PsGpt.Generation;

namespace PsGpt.Unit.Generation;

public sealed class CompletionTextTests
{
    private static readonly SamplingOptions Greedy = new() { Temperature = 0, MaxTokens = 40 };

    [Theory]
    [InlineData("def", "bc", "def")]
    [InlineData("h|fg|bcx", "bcde", "fg")]
    [InlineData("b", "", "b")]
    [InlineData("xyz|cde|de", "b", "cde")]
    [InlineData("é", "bcdefgh", "é")]
    public void A_stop_string_ends_the_text_and_is_not_shown(string stops, string text, string found)
    {
        using var model = ChainModel.Following(Encoding.UTF8.GetBytes("abcdefghé"));
        using var generator = new TextGenerator(model);
        var options = Greedy with { StopString = stops.Split('|') };
        var completion = generator.Complete("a", options);
        Assert.Equal((text, FinishReason.StopString, found), (completion.Text, completion.FinishReason, completion.StopString));
        Assert.Equal(text, model.Tokenizer!.Decode([.. completion.Tokens]));
        Assert.Equal(text, string.Concat(generator.Stream("a", options).Select(token => token.Text)));
        Assert.False(completion.EndsWithinCharacter);
    }

    [Fact]
    public void A_stop_string_that_does_not_come_changes_nothing()
    {
        using var model = ChainModel.Following("abcdefgh"u8.ToArray());
        using var generator = new TextGenerator(model);
        var completion = generator.Complete("a", Greedy with { StopString = ["bce", "ghx", "a"] });
        Assert.Equal(("bcdefgh", FinishReason.EndOfText, null), (completion.Text, completion.FinishReason, completion.StopString));
    }

    [Fact]
    public void A_stream_holds_back_only_what_may_begin_a_stop_string()
    {
        using var model = ChainModel.Following("abcdefgh"u8.ToArray());
        using var generator = new TextGenerator(model);
        var texts = generator.Stream("a", Greedy with { StopString = ["cdx", "fgh"] }).Select(token => token.Text);

        // c and d wait until e shows that they begin nothing; f and g wait for h, which completes a stop string.
        Assert.Equal(["b", "", "", "cde", "", "", ""], texts);
    }

    [Fact]
    public void What_is_held_back_comes_at_the_end()
    {
        using var model = ChainModel.Following("abcdefgh"u8.ToArray());
        using var generator = new TextGenerator(model);
        var options = Greedy with { StopString = ["defx"], MaxTokens = 5 };
        Assert.Equal("bcdef", generator.Complete("a", options).Text);
        Assert.Equal("bcdef", string.Concat(generator.Stream("a", options).Select(token => token.Text)));
    }

    [Fact]
    public void Echo_begins_the_text_with_the_prompt()
    {
        using var model = ChainModel.Following("abc"u8.ToArray());
        using var generator = new TextGenerator(model);
        var completion = generator.Complete("a", Greedy with { Echo = true });
        Assert.Equal(("a", "abc", true), (completion.Prompt, completion.Text, completion.Echo));
    }

    [Fact]
    public void The_end_of_a_text_can_be_put_off_or_ruled_out()
    {
        using var model = ChainModel.Following("abc"u8.ToArray());
        using var generator = new TextGenerator(model);
        Assert.Equal(2, generator.Complete("a", Greedy).Tokens.Count);
        Assert.InRange(generator.Complete("a", Greedy with { MinTokens = 5 }).Tokens.Count, 5, 40);
        var endless = generator.Complete("a", Greedy with { IgnoreEndOfText = true });
        Assert.Equal((40, FinishReason.MaxTokens), (endless.Tokens.Count, endless.FinishReason));
    }

    [Fact]
    public void An_empty_prompt_starts_after_the_end_of_a_text()
    {
        using var model = ChainModel.Following(ChainModel.EndOfText, (byte)'x', (byte)'y');
        using var generator = new TextGenerator(model);
        var completion = generator.Complete("", Greedy with { MaxTokens = 2 });
        Assert.Equal(("", "xy"), (completion.Prompt, completion.Text));
    }

    [Fact]
    public void A_long_prompt_keeps_its_end_where_that_is_asked_for()
    {
        using var model = ChainModel.Following("abcdef"u8.ToArray());
        using var generator = new TextGenerator(model);
        var prompt = new string('x', 30) + "abcd";
        Assert.Equal("PromptTooLong", Assert.Throws<GptException>(() => generator.Request(prompt, Greedy)).ErrorId);
        var completion = generator.Complete(prompt, Greedy with { TruncatePrompt = true });
        Assert.Equal((prompt, "ef"), (completion.Prompt, completion.Text));
    }

    [Fact]
    public void Tokens_can_be_a_prompt()
    {
        using var model = ChainModel.Following("abc"u8.ToArray());
        using var generator = new TextGenerator(model);
        var result = generator.CompleteAll([generator.Request([(int)'a'], Greedy)])[0];
        Assert.Equal(("a", "bc"), (result.Completion!.Prompt, result.Completion.Text));
    }

    [Fact]
    public void Time_that_is_up_ends_the_text_with_a_reason_of_its_own()
    {
        using var model = ChainModel.Following("abc"u8.ToArray());
        using var generator = new TextGenerator(model);
        var options = Greedy with { IgnoreEndOfText = true, MaxTokens = int.MaxValue, TimeoutSeconds = 1e-3 };
        Assert.Equal(FinishReason.Timeout, generator.Complete("a", options).FinishReason);
        Assert.True(generator.Stream("a", options).Count() < int.MaxValue);
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_model_before_any_rule()
    {
        using var model = ChainModel.Biased(256, ('q', 2), ('r', 1), ('s', 1));
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { MaxTokens = 2, Temperature = 0, Ban = [['q']], LogProbability = true, Echo = true };
        var completion = generator.Complete("ab", options);
        var total = Math.Log(Math.Exp(2) + (2 * Math.Exp(1)) + 253);
        var values = completion.LogProbabilities!;
        double?[] expected = [null, -total, 1 - total, 1 - total];
        Assert.Equal(expected.Select(Rounded), values.Select(item => Rounded(item.LogProbability)));
        Assert.Equal("abrr", string.Concat(values.Select(item => item.Text)));
        Assert.Equal(['q', 'r', 's', 0, 1], values[3].GetTop().Select(item => item.Id));
        Assert.Equal(2 - total, values[3].GetTop()[0].LogProbability!.Value, 1e-6);

        static double? Rounded(double? value) => value is null ? null : Math.Round(value.Value, 5);
    }
}
