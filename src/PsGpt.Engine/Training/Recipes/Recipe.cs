using System.Collections.ObjectModel;
using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>Options of a training that go together, and the model that is trained where the user gives none.</summary>
public sealed class Recipe : IPlugin
{
    private static readonly TrainingRunOptions TrainingDefaults = new();
    private static readonly RecipeModel ModelDefaults = new() { Tokenizer = "" };

    private readonly TrainingRunOptions training;
    private readonly RecipeModel? newModel;

    /// <summary>Makes a recipe.</summary>
    /// <param name="name">The name that users type.</param>
    /// <param name="description">One sentence for lists and tab completion.</param>
    /// <param name="training">The options of the training.</param>
    /// <param name="model">The model; null for a copy of the built-in one.</param>
    /// <param name="path">The file that the recipe was read from; null for none.</param>
    public Recipe(string name, string description, TrainingRunOptions training, RecipeModel? model = null, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        (Name, Description, this.training, newModel, Path) = (name, description, training, model, path);
        Parameters = OptionNames.Differences(training, TrainingDefaults);
        Model = model is null ? ReadOnlyDictionary<string, object>.Empty : OptionNames.Differences(model, ModelDefaults);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>The options of the training that differ from the defaults, by name.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; }

    /// <summary>The options of the model that differ from the defaults, by name; empty if the recipe has no model of its own.</summary>
    public IReadOnlyDictionary<string, object> Model { get; }

    /// <summary>The file that the recipe was read from; null for one that comes with the module.</summary>
    public string? Path { get; }

    /// <summary>All options of the training.</summary>
    public TrainingRunOptions GetTraining() => training;

    /// <summary>The model that is trained where the user gives none; null for a copy of the built-in one.</summary>
    public RecipeModel? GetNewModel() => newModel;

    /// <summary>Makes a recipe of the tables of a file.</summary>
    /// <param name="name">The name that users type.</param>
    /// <param name="description">One sentence for lists.</param>
    /// <param name="training">Options of a training by name; former names are known too.</param>
    /// <param name="model">Options of <see cref="RecipeModel"/> by name; null or empty for a copy of the built-in model.</param>
    /// <param name="path">The file.</param>
    /// <param name="convert">Gives a value as a type that an option has.</param>
    /// <exception cref="GptException"><c>RecipeInvalid</c>: there is no such option, or it cannot have that value.</exception>
    public static Recipe FromTables(
        string name, string description, IReadOnlyDictionary<string, object> training, IReadOnlyDictionary<string, object>? model,
        string? path, Func<object, Type, object?> convert) => new(
            name, description, Fill(TrainingDefaults, training, name, convert),
            model is { Count: > 0 } ? Fill(new RecipeModel(), model, name, convert) : null, path);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static T Fill<T>(T options, IReadOnlyDictionary<string, object> values, string recipe, Func<object, Type, object?> convert)
        where T : class
    {
        foreach (var (name, value) in values)
        {
            options = OptionNames.Set(options, FormerOptionNames.Replace(name), type => Convert(name, value, type, recipe, convert))
                ?? throw Invalid(recipe, $"it sets '{name}'; it can set {string.Join(", ", OptionNames.In(typeof(T)))}");
        }

        return options;
    }

    private static object? Convert(string name, object value, Type type, string recipe, Func<object, Type, object?> convert)
    {
        try
        {
            return convert(value, type);
        }
        catch (Exception exception) when (exception is InvalidCastException or FormatException or OverflowException)
        {
            throw Invalid(recipe, $"'{value}' is no value for '{name}'", exception);
        }
    }

    private static GptException Invalid(string recipe, string problem, Exception? inner = null) => new(
        "RecipeInvalid", GptErrorKind.InvalidData, $"The recipe '{recipe}' cannot be used: {problem}. Correct the file.", inner);
}
