using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Samples;

/// <summary>
/// Small children's stories to train small models on: simple words, six to fourteen sentences each. They were written for this
/// project as plots with gaps that are filled at random, so there are many millions of them.
/// </summary>
public static class SampleText
{
    private const string Separator = "\n\n";

    /// <summary>Makes stories one by one while they are enumerated.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same stories on every machine.</param>
    /// <param name="theme">The world in which they take place.</param>
    /// <returns>Stories of one paragraph, without a line end.</returns>
    /// <exception cref="GptException"><c>SampleCountInvalid</c>, <c>SampleThemeInvalid</c>.</exception>
    public static IEnumerable<string> Generate(int count, ulong seed, SampleTheme theme = SampleTheme.Forest)
    {
        if (count < 0)
        {
            throw new GptException("SampleCountInvalid", GptErrorKind.InvalidArgument,
                $"There cannot be {count} stories. Ask for 0 or more.");
        }

        var world = theme switch
        {
            SampleTheme.Forest => ForestWorld.World,
            SampleTheme.Sea => SeaWorld.World,
            _ => throw new GptException("SampleThemeInvalid", GptErrorKind.InvalidArgument,
                $"There is no theme {theme}. Use one of: {string.Join(", ", Enum.GetNames<SampleTheme>())}."),
        };
        return Tell(world, count, new RandomStream(seed));
    }

    /// <summary>The stories with the empty lines that stand between them where a vocabulary has no token that separates texts.</summary>
    public static IEnumerable<ReadOnlyMemory<char>> GeneratePieces(IEnumerable<string> stories) =>
        stories.SelectMany(story => new[] { story.AsMemory(), Separator.AsMemory() });

    /// <summary>Makes stories as tokens to train on, one after the other.</summary>
    /// <param name="tokenizer">The tokenizer of the model that will be trained.</param>
    /// <param name="count">How many stories, 0 or more.</param>
    /// <param name="seed">The same seed gives the same stories on every machine.</param>
    /// <param name="theme">The world in which they take place.</param>
    /// <returns>Each story followed by the token that separates texts, or by an empty line where the vocabulary has none.</returns>
    /// <exception cref="GptException"><c>SampleCountInvalid</c>, <c>SampleThemeInvalid</c>, <c>TextOutsideVocabulary</c>.</exception>
    public static TokenSequence GenerateTokens(Tokenizer tokenizer, int count, ulong seed, SampleTheme theme = SampleTheme.Forest)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var ids = new List<int>();
        foreach (var story in Generate(count, seed, theme))
        {
            tokenizer.Encode(story, isEnd: true, ids);
            if (tokenizer.EndOfTextToken is { } endOfText)
                ids.Add(endOfText);
            else
                tokenizer.Encode(Separator, isEnd: true, ids);
        }

        return new TokenSequence([.. ids], tokenizer, $"{theme} stories");
    }

    private static IEnumerable<string> Tell(StoryWorld world, int count, RandomStream random)
    {
        for (var i = 0; i < count; i++)
            yield return new StoryTeller(world, random).Tell();
    }
}
