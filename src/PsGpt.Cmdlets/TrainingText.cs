using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Turns what a user gives as text into what a run trains and measures on.</summary>
/// <param name="cmdlet">The cmdlet that reports what cannot be read.</param>
/// <param name="model">The model whose tokenizer reads held-out files.</param>
internal sealed class TrainingText(GptCmdlet cmdlet, GptModel model)
{
    private const double DefaultFraction = 0.1;

    /// <summary>A world that the built-in model has never heard of, so that there is something to learn.</summary>
    public static IEnumerable<string> BuiltInStories => SampleText.Generate(count: 400, seed: 1, SampleTheme.Sea);

    /// <summary>The tokens of those stories.</summary>
    public static TokenCollector BuiltIn(Tokenizer tokenizer)
    {
        var collector = new TokenCollector();
        collector.Add(SampleText.GenerateTokens(tokenizer, count: 400, seed: 1, SampleTheme.Sea));
        return collector;
    }

    /// <summary>Divides tokens into what is trained on and what is held out.</summary>
    /// <param name="fraction">The share at the end that is held out; null for a tenth.</param>
    /// <param name="validationPath">Files that are held out instead.</param>
    /// <param name="sequenceLength">The tokens of a row: where fewer are left to hold out, nothing is.</param>
    /// <returns>Null where held-out files could not be read, which has been told already.</returns>
    public TokenDataset? Divide(TokenCollector tokens, double? fraction, string[]? validationPath, int sequenceLength)
    {
        var training = new TokenMemory(tokens.ToArray());
        if (validationPath is null)
            return TokenDataset.Split("text", training, tokens.TokenizerName, fraction ?? DefaultFraction, minimumValidationCount: sequenceLength + 1);
        var heldOut = new TextTokens(cmdlet, TokenizerChoice.Of(model)).Read(new PathResolver(cmdlet).Resolve(validationPath, literalPath: null));
        return heldOut.TokenizerName is null ? null : new TokenDataset("text", training, new TokenMemory(heldOut.ToArray()), tokens.TokenizerName);
    }
}
