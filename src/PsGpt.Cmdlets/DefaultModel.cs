using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// The default model, which is trained where the user gives none: a new one as the recipe says, or a copy of the built-in one.
/// </summary>
internal static class DefaultModel
{
    /// <param name="cmdlet">The cmdlet that shows a bar.</param>
    /// <param name="recipe">The recipe, or null.</param>
    /// <param name="tokenizer">The tokenizer of a new model; null for the recipe's.</param>
    /// <param name="text">The text to train on, in pieces; read only for a tokenizer that is made of it.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <exception cref="GptException">Those of <see cref="RecipeModel.FindTokenizer"/> and <see cref="RecipeModel.Create"/>.</exception>
    public static GptModel Create(
        GptCmdlet cmdlet, Recipe? recipe, Tokenizer? tokenizer, IEnumerable<ReadOnlyMemory<char>> text, ulong seed)
    {
        if (recipe?.GetNewModel() is not { } model)
            return BuiltInModel.Load(cmdlet.StopToken);
        tokenizer ??= model.FindTokenizer(text, cmdlet.StopToken);
        using var progress = new ProgressReport(cmdlet, $"Making {recipe.Name}", isOftenShort: true);
        return model.Create(tokenizer, seed, recipe.Name, progress.Shares, cmdlet.StopToken);
    }
}
