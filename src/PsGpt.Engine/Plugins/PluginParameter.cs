using System.Globalization;

namespace PsGpt.Plugins;

/// <summary>A parameter of a plug-in.</summary>
/// <param name="Name">The name that users type; compared without regard to case.</param>
/// <param name="Default">The value where none is given. Its type is the parameter's: bool, int, long, float, double or string.</param>
/// <param name="Description">One sentence for lists.</param>
public sealed record PluginParameter(string Name, object Default, string Description)
{
    /// <summary>The type of the values.</summary>
    public Type Type => Default.GetType();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} = {Default}");

    /// <summary>A value of the parameter's type.</summary>
    /// <exception cref="GptException"><c>PluginParameterInvalid</c>: the text is no such value.</exception>
    internal object Parse(string text)
    {
        try
        {
            return Convert.ChangeType(text, Type, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or InvalidCastException)
        {
            throw new GptException("PluginParameterInvalid", GptErrorKind.InvalidArgument,
                $"The plug-in parameter '{Name}' cannot be '{text}': it is a {Type.Name}, such as {Default}. {Description}", exception);
        }
    }
}
