using System.Management.Automation;
using System.Reflection;

namespace PsGpt.Commands;

/// <summary>Sets parameters of a cmdlet as a recipe says.</summary>
internal static class RecipeValues
{
    /// <param name="values">Names and values.</param>
    /// <param name="cmdlet">The cmdlet, before it does anything.</param>
    /// <param name="group">The class that declares the parameters which may be set.</param>
    /// <param name="given">The parameters that the user gave: they win.</param>
    /// <param name="recipeName">What messages call the recipe.</param>
    /// <exception cref="GptException"><c>RecipeInvalid</c>: there is no such parameter, or it cannot have that value.</exception>
    public static void Apply(IReadOnlyDictionary<string, object> values, Cmdlet cmdlet, Type group, IEnumerable<string> given, string recipeName)
    {
        var parameters = group.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.IsDefined(typeof(ParameterAttribute))).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var won = given.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values)
        {
            if (!parameters.TryGetValue(name, out var property))
                throw Invalid(recipeName, $"it sets '{name}'; it can set {string.Join(", ", parameters.Keys.Order(StringComparer.Ordinal))}");
            if (!won.Contains(name))
                property.SetValue(cmdlet, Convert(value, property, recipeName));
        }
    }

    private static object Convert(object value, PropertyInfo property, string recipeName)
    {
        try
        {
            return LanguagePrimitives.ConvertTo(value, property.PropertyType);
        }
        catch (PSInvalidCastException exception)
        {
            throw Invalid(recipeName, $"'{value}' is no value for '{property.Name}'", exception);
        }
    }

    private static GptException Invalid(string recipeName, string problem, Exception? inner = null) => new(
        "RecipeInvalid", GptErrorKind.InvalidData, $"The recipe '{recipeName}' cannot be used: {problem}. Correct the file.", inner);
}
