using System.Text;
using System.Text.RegularExpressions;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Samples;

public sealed partial class SampleTextTests
{
    private const int ManyStories = 5000;

    private const string ForestStory =
        "Once upon a time, in a hollow tree near the stream, there lived a lively little hare named Max. Nobody " +
        "in the forest could run as fast as Max. One fine day, Luna the goose came slowly along the path. \"You " +
        "are so slow!\" laughed Max. \"Let us race to the stone bridge,\" said Luna with a smile. \"Ready, steady, " +
        "go!\" called a little bird, and Max ran like the wind. \"I have plenty of time,\" he thought, and he " +
        "stopped to eat berries until his belly was full. Luna did not hurry and did not rest, but just went on " +
        "and on. When Max came to the stone bridge at last, Luna was there already. All the animals cheered, and " +
        "Max turned red. Max said that he was sorry, and they shared the prize, a big sweet melon. That night, " +
        "Max fell asleep with a smile.";

    private const string SeaStory =
        "Once upon a time, deep in the blue sea, there lived a patient dolphin named Marlo. Every day, he " +
        "polished pebbles until they shone. One stormy day, Marlo was collecting shells and did not see how far " +
        "he had gone. Then came a current as fast as a horse, and it carried him away. When he opened his eyes " +
        "again, strange fish with lamps on their heads looked at him. \"I want to go home,\" said Marlo, and a tear " +
        "ran down his face. Just then, Shelly the swordfish swam by. \"You are far from home, little one,\" said " +
        "Shelly. \"You must follow the warm current.\" They swam all night, and when Marlo was tired, Shelly " +
        "carried him. And just as Shelly had said, the water grew warmer and warmer until he saw the reef. \"There " +
        "you are!\" cried his mother, and they all laughed and cried at once. \"Stay with us for supper,\" said " +
        "Marlo to Shelly, and she stayed for a whole week. That night, the waves rocked Marlo to sleep.";

    public static TheoryData<SampleTheme> Themes => [.. Enum.GetValues<SampleTheme>()];

    // Read and written down once; a change means that the same seed no longer gives the same stories.
    [Theory]
    [InlineData(SampleTheme.Forest, ForestStory)]
    [InlineData(SampleTheme.Sea, SeaStory)]
    public void The_first_story_of_a_seed_never_changes(SampleTheme theme, string story) =>
        Assert.Equal(story, SampleText.Generate(1, seed: 42, theme).Single());

    [Theory]
    [MemberData(nameof(Themes))]
    public void More_stories_begin_with_the_same_ones(SampleTheme theme) =>
        Assert.Equal(SampleText.Generate(5, 1, theme), SampleText.Generate(50, 1, theme).Take(5));

    [Theory]
    [MemberData(nameof(Themes))]
    public void Stories_are_distinct_also_between_seeds(SampleTheme theme)
    {
        var stories = SampleText.Generate(ManyStories, 1, theme).Concat(SampleText.Generate(ManyStories, 2, theme));
        Assert.Equal(2 * ManyStories, stories.Distinct().Count());
    }

    [Fact]
    public void Tokens_are_the_stories_each_with_what_ends_a_text_or_an_empty_line()
    {
        string[] stories = [.. SampleText.Generate(3, 7)];
        Assert.Equal(
            stories.SelectMany(story => (int[])[.. TokenizerCatalog.Gpt2.Encode(story), 50256]),
            SampleText.GenerateTokens(TokenizerCatalog.Gpt2, 3, 7).Ids);
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var endless = new BytePairTokenizer(bytes, [], new Gpt2PreTokenizer(), Array.Empty<AddedToken>());
        Assert.Equal(
            Encoding.UTF8.GetBytes(string.Concat(stories.Select(story => story + "\n\n"))).Select(value => (int)value),
            SampleText.GenerateTokens(endless, 3, 7).Ids);
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public void Every_slot_is_filled_and_the_punctuation_is_whole(SampleTheme theme)
    {
        foreach (var story in SampleText.Generate(ManyStories, 3, theme))
        {
            Assert.Matches(@"^[A-Za-z ,.!?""]+$", story);
            Assert.Matches(@"^[A-Z].*[.!?]""?$", story);
            Assert.DoesNotContain("  ", story, StringComparison.Ordinal);
            Assert.DoesNotMatch(@" [,.!?]|[,.!?]{2}|[.!?] [a-z]|\.""? [a-z]", story);
            Assert.Equal(0, story.Count(letter => letter == '"') % 2);
        }
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public void Articles_fit_the_words_that_follow(SampleTheme theme)
    {
        foreach (var story in SampleText.Generate(ManyStories, 4, theme))
            Assert.DoesNotMatch(@"\b[Aa] ([aeiouAEIOU]|honest)|\b[Aa]n (?!honest)[^aeiouAEIOU]", story);
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public void Stories_are_short_and_their_words_are_few(SampleTheme theme)
    {
        var vocabulary = new HashSet<string>(StringComparer.Ordinal);
        foreach (var story in SampleText.Generate(ManyStories, 5, theme))
        {
            var words = WordPattern().Matches(story);
            Assert.InRange(words.Count, 80, 190);
            Assert.InRange(SentenceEndPattern().Count(story), 6, 14);
            vocabulary.UnionWith(words.Select(word => word.Value.ToLowerInvariant()));
        }

        Assert.InRange(vocabulary.Count, 600, 900);
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public void Stories_begin_as_stories_do(SampleTheme theme)
    {
        var stories = SampleText.Generate(ManyStories, 6, theme).ToList();
        Assert.All(stories, story => Assert.Matches("^(Once upon a time,|Long ago,|There once was) ", story));
        Assert.True(stories.Count(story => story.StartsWith("Once upon a time", StringComparison.Ordinal)) > 0.7 * ManyStories);
    }

    [Fact]
    public void The_themes_tell_of_different_worlds_in_a_shared_language()
    {
        static HashSet<string> Words(SampleTheme theme) =>
            [.. SampleText.Generate(ManyStories, 8, theme).SelectMany(story => WordPattern().Matches(story).Select(word => word.Value))];
        var (forest, sea) = (Words(SampleTheme.Forest), Words(SampleTheme.Sea));
        Assert.InRange(forest.Intersect(sea).Count() / (double)sea.Count, 0.3, 0.7);
    }

    [Fact]
    public void Stories_are_made_only_when_they_are_asked_for() =>
        Assert.Equal(3, SampleText.Generate(int.MaxValue, 1).Take(3).Count());

    [Fact]
    public void Nonsense_is_refused_at_once()
    {
        Assert.Equal("SampleCountInvalid", Assert.Throws<GptException>(() => SampleText.Generate(-1, 1)).ErrorId);
        Assert.Equal("SampleThemeInvalid", Assert.Throws<GptException>(() => SampleText.Generate(1, 1, (SampleTheme)9)).ErrorId);
        Assert.Empty(SampleText.Generate(0, 1));
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"[.!?]""?(?= [A-Z""]|$)")]
    private static partial Regex SentenceEndPattern();
}
