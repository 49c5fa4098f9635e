using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>The model that is trained where the user gives none: a new one as the recipe says, or a copy of the built-in one.</summary>
/// <param name="cmdlet">The cmdlet that reports what cannot be read.</param>
/// <param name="recipe">The recipe, or null.</param>
internal sealed class OwnModel(GptCmdlet cmdlet, Recipe? recipe)
{
    private const string TokenizerKey = "Tokenizer";
    private const string CharacterTokenizer = "character";

    /// <param name="files">The text to train on; none for the built-in stories.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <exception cref="GptException"><c>RecipeInvalid</c>, <c>PluginNotFound</c>, and what <c>New-GptModel</c> tells.</exception>
    public GptModel Create(IReadOnlyList<string> files, ulong seed)
    {
        if (recipe is null || recipe.Model.Count == 0)
            return BuiltInModel.Load(cmdlet.StopToken);
        var command = new NewGptModelCommand { Name = recipe.Name, Seed = seed };
        var sizes = recipe.Model.Where(value => !value.Key.Equals(TokenizerKey, StringComparison.OrdinalIgnoreCase)).ToDictionary(value => value.Key, value => value.Value);
        RecipeValues.Apply(sizes, command, typeof(NewGptModelCommand), given: [], recipe.Name);
        return command.Create(MakeTokenizer(files));
    }

    private Tokenizer MakeTokenizer(IReadOnlyList<string> files)
    {
        var name = recipe!.Model.TryGetValue(TokenizerKey, out var value) ? $"{value}" : TokenizerCatalog.Gpt2.Name;
        if (!name.Equals(CharacterTokenizer, StringComparison.OrdinalIgnoreCase))
            return TokenizerCatalog.Registry.Get(name).Tokenizer;
        var characters = new CharacterTrainer();
        foreach (var file in files)
        {
            cmdlet.Attempt(file, () =>
            {
                foreach (var piece in TextFile.Read(file, cancellationToken: cmdlet.StopToken))
                    characters.Append(piece.Span);
            });
            characters.EndText();
        }

        foreach (var story in files.Count == 0 ? BuiltInText.Stories : [])
        {
            characters.Append(story);
            characters.EndText();
        }

        return characters.Train();
    }
}
