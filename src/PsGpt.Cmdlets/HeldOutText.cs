using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Divides the tokens of a training into those to learn from and those that are held out.</summary>
/// <param name="cmdlet">The cmdlet that reports errors and shows progress.</param>
/// <param name="model">The model whose tokenizer reads held-out files.</param>
/// <param name="validationPath">Files that are held out, or null.</param>
/// <param name="fraction">The share at the end of the tokens that is held out where no files are; null for a tenth.</param>
internal sealed class HeldOutText(GptCmdlet cmdlet, GptModel model, string[]? validationPath, double? fraction)
{
    /// <summary>Makes the dataset.</summary>
    /// <param name="tokens">All tokens.</param>
    /// <param name="sequenceLength">The tokens of a row: where fewer than one row would be held out, nothing is.</param>
    /// <returns>Null where held-out files could not be read, which has been reported already.</returns>
    public TokenDataset? Divide(ITokenSource tokens, int sequenceLength)
    {
        if (validationPath is null)
            return TokenDataset.Split(tokens, fraction ?? 0.1, minimumValidationCount: sequenceLength + 1, name: "text");
        var files = new PathResolver(cmdlet).Resolve(validationPath, literalPath: null);
        return TextInput.ReadFiles(cmdlet, TokenizerChoice.Of(model), files) is { } heldOut
            ? new TokenDataset(tokens, heldOut, "text")
            : null;
    }
}
