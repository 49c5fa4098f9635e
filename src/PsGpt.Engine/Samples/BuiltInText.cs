using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Samples;

/// <summary>The text of a training that is given none: stories of a world that the built-in model does not know.</summary>
public static class BuiltInText
{
    private const int Count = 400;
    private const ulong Seed = 1;

    /// <summary>The stories, one by one.</summary>
    public static IEnumerable<string> Stories => SampleText.Generate(Count, Seed, SampleTheme.Sea);

    /// <summary>The tokens of the stories.</summary>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public static TokenSequence Tokens(Tokenizer tokenizer) => SampleText.GenerateTokens(tokenizer, Count, Seed, SampleTheme.Sea);
}
