using System.Management.Automation;
using PsGpt.Commands;
using PsGpt.Generation;

namespace PsGpt.Unit.Module;

public sealed class ViewTextTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(500)]
    [InlineData(0)]
    public void A_text_is_broken_between_words_and_nothing_of_it_is_lost(int width)
    {
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $" word{i}"));
        var lines = ViewText.OfText(Completion("Once", text), width).Split('\n');
        Assert.Equal("Once" + text, string.Join(' ', lines));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width is 20 ? 19 : 79));
    }

    [Fact]
    public void A_word_that_is_too_long_is_broken_and_line_ends_stay()
    {
        var lines = ViewText.OfText(Completion("a\r\n\n", new string('b', 100)), 80).Split('\n');
        Assert.Equal(["a", "", new string('b', 79), new string('b', 21)], lines);
    }

    [Fact]
    public void Later_parts_of_a_file_are_numbered()
    {
        Assert.Equal("b.txt", ViewText.OfSource(Path.Join("a", "b.txt"), part: 0));
        Assert.Equal("b.txt (3)", ViewText.OfSource(Path.Join("a", "b.txt"), part: 2));
        Assert.Equal("(2)", ViewText.OfSource(source: null, part: 1));
    }

    private static PSObject Completion(string prompt, string text) => PSObject.AsPSObject(new Completion
    {
        Prompt = prompt,
        Text = text,
        Tokens = [],
        FinishReason = FinishReason.MaxTokens,
        TokensPerSecond = 1,
        Seed = 1,
    });
}
