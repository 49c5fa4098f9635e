using PsGpt.Data.Stories;

namespace PsGpt.Data;

/// <summary>
/// Small children's stories to train small models on: simple words, six to fourteen sentences each. They were written for this
/// project as plots with gaps that are filled at random, so there are many millions of them.
/// </summary>
public static class SampleText
{
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

    private static IEnumerable<string> Tell(StoryWorld world, int count, RandomStream random)
    {
        for (var i = 0; i < count; i++)
            yield return new StoryTeller(world, random).Tell();
    }
}
