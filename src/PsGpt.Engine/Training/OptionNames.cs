using System.Collections.ObjectModel;
using System.Reflection;

namespace PsGpt.Training;

/// <summary>
/// Sets options by their names, wherever they stand: in <see cref="TrainingRunOptions"/>, in its <see cref="TrainerOptions"/> or in
/// those of an optimizer. A name that stands in several places, such as <c>Seed</c>, is set in all of them.
/// </summary>
public static class OptionNames
{
    /// <summary>The names of all options of a record, in alphabetical order.</summary>
    public static IReadOnlyList<string> In(Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. Leaves(options).Select(property => property.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>A copy of a record in which some options are those of another.</summary>
    /// <param name="options">The record that is copied.</param>
    /// <param name="given">The record that the named options are taken from.</param>
    /// <param name="names">Names of options; other names are passed over.</param>
    public static T Merge<T>(T options, T given, IReadOnlySet<string> names)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(names);
        return (T)MergeInto(Copy(options), given, names);
    }

    /// <summary>A copy of a record in which one option has another value.</summary>
    /// <param name="options">The record that is copied.</param>
    /// <param name="name">The name of the option, in any case of its letters.</param>
    /// <param name="convert">Gives the value as the type that the option has.</param>
    /// <returns>The copy, or null if there is no option of that name.</returns>
    public static T? Set<T>(T options, string name, Func<Type, object?> convert)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(convert);
        return Leaves(typeof(T)).Any(property => Is(property, name)) ? (T)SetIn(Copy(options), name, convert) : null;
    }

    /// <summary>
    /// The options in which a record differs from another, in the order of their names. Options without a value are left out.
    /// </summary>
    public static IReadOnlyDictionary<string, object> Differences<T>(T options, T other)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(other);
        var differences = new SortedDictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        AddDifferences(options, other, differences);
        return new ReadOnlyDictionary<string, object>(differences);
    }

    private static void AddDifferences(object options, object other, SortedDictionary<string, object> differences)
    {
        foreach (var property in Properties(options.GetType()))
        {
            var (value, otherValue) = (property.GetValue(options), property.GetValue(other));
            if (IsGroup(property))
                AddDifferences(value!, otherValue!, differences);
            else if (value is not null && !Equals(value, otherValue))
                differences.TryAdd(property.Name, value);
        }
    }

    private static object MergeInto(object copy, object given, IReadOnlySet<string> names)
    {
        foreach (var property in Properties(copy.GetType()))
        {
            if (IsGroup(property))
                property.SetValue(copy, MergeInto(Copy(property.GetValue(copy)!), property.GetValue(given)!, names));
            else if (names.Contains(property.Name))
                property.SetValue(copy, property.GetValue(given));
        }

        return copy;
    }

    private static object SetIn(object copy, string name, Func<Type, object?> convert)
    {
        foreach (var property in Properties(copy.GetType()))
        {
            if (IsGroup(property))
                property.SetValue(copy, SetIn(Copy(property.GetValue(copy)!), name, convert));
            else if (Is(property, name))
                property.SetValue(copy, convert(property.PropertyType));
        }

        return copy;
    }

    /// <summary>A record has a method that clones it; its name is the compiler's.</summary>
    private static object Copy(object record) => record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;

    private static IEnumerable<PropertyInfo> Leaves(Type type) =>
        Properties(type).SelectMany(property => IsGroup(property) ? Leaves(property.PropertyType) : [property]);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static bool Is(PropertyInfo property, string name) => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsGroup(PropertyInfo property) => property.PropertyType.GetMethod("<Clone>$") is not null;
}
