using System.Management.Automation;
using System.Management.Automation.Host;
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
        var lines = LinesOf(Completion("Once", text), width);
        Assert.StartsWith($"Once{text}  [0 tokens, MaxTokens, 1 tokens/s, seed 1]", string.Join(' ', lines), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width is 20 ? 19 : 79));
    }

    [Fact]
    public void A_word_that_is_too_long_is_broken_and_line_ends_stay()
    {
        var lines = LinesOf(Completion("a\r\n\n", new string('b', 100)), width: 80);
        Assert.Equal(["a", "", new string('b', 79), new string('b', 21), "", "[0 tokens, MaxTokens, 1 tokens/s, seed 1]"], lines);
    }

    [Fact]
    public void A_host_without_a_terminal_is_shown_79_columns()
    {
        using var shell = PowerShell.Create();
        var host = (PSHost)shell.AddScript("$Host").Invoke()[0].BaseObject;
        var lines = ViewText.OfCompletion(Completion("Once", new string('b', 200)), host).Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 79));
    }

    [Fact]
    public void Later_parts_of_a_file_are_numbered()
    {
        Assert.Equal("b.txt", ViewText.OfSource(Path.Join("a", "b.txt"), part: 0));
        Assert.Equal("b.txt (3)", ViewText.OfSource(Path.Join("a", "b.txt"), part: 2));
        Assert.Equal("(2)", ViewText.OfSource(source: null, part: 1));
    }

    private static string[] LinesOf(PSObject completion, int width) => ViewText.OfCompletion(completion, width).Split('\n');

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
