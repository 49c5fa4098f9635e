using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using PsGpt.Extensions;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>
/// A plug-in that a user wrote as a script block. It runs in the session that registered it, on the pipeline's thread. Parameters behind
/// those that the kind passes are the plug-in's own; their defaults are constants.
/// </summary>
internal sealed class PluginBlock
{
    private readonly ScriptBlock script;
    private readonly object[] own;
    private readonly Guid? session;

    /// <param name="passedCount">How many values the kind passes to the block.</param>
    /// <exception cref="GptException"><c>PluginInvalid</c>: an own parameter has no default.</exception>
    public PluginBlock(PluginKind kind, string name, string description, ScriptBlock script, int passedCount)
    {
        (Kind, Name, Description, this.script) = (kind, name, description, script);
        session = Runspace.DefaultRunspace?.InstanceId;
        var parameters = ((ScriptBlockAst)script.Ast).ParamBlock?.Parameters ?? [];
        Parameters = [.. parameters.Skip(passedCount).Select(ToParameter)];
        own = [.. Parameters.Select(parameter => parameter.Default)];
    }

    private PluginBlock(PluginBlock block, object[] own)
    {
        (Kind, Name, Description, script, session) = (block.Kind, block.Name, block.Description, block.script, block.session);
        (Parameters, this.own) = (block.Parameters, own);
    }

    public PluginKind Kind { get; }

    public string Name { get; }

    public string Description { get; }

    public IReadOnlyList<PluginParameter> Parameters { get; }

    /// <summary>Equal for blocks that are registered with the same words.</summary>
    public object Identity => (Kind, Name, Description, script.ToString());

    /// <summary>The block with values for its own parameters.</summary>
    public PluginBlock With(PluginArguments arguments) => new(this, [.. Parameters.Select(parameter => arguments.Get(parameter.Name))]);

    /// <summary>Calls the block.</summary>
    /// <exception cref="InvalidOperationException">This is not the session that registered it, or the block failed.</exception>
    /// <exception cref="OperationCanceledException">The pipeline was stopped.</exception>
    public Collection<PSObject?> Invoke(params object[] passed)
    {
        if (session is null || Runspace.DefaultRunspace?.InstanceId != session)
            throw new InvalidOperationException("it is a script block, which only runs in the pipeline of the session that registered it");
        try
        {
            return script.Invoke([.. passed, .. own]);
        }
        catch (PipelineStoppedException exception)
        {
            throw new OperationCanceledException("The pipeline was stopped.", exception, new CancellationToken(canceled: true));
        }
        catch (RuntimeException exception)
        {
            throw exception.GetBaseException() is GptException { ErrorId: "PluginFailed" } inner
                ? inner
                : new InvalidOperationException(exception.ErrorRecord.ToString(), exception);
        }
    }

    /// <summary>Calls the block for one number.</summary>
    /// <exception cref="InvalidOperationException">It gave something else, or failed.</exception>
    public double InvokeForNumber(params object[] passed)
    {
        var output = Invoke(passed);
        return output is [{ BaseObject: not (string or bool or char) and IConvertible number }]
            ? number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"it gave {output.Count} values instead of one number");
    }

    private PluginParameter ToParameter(ParameterAst parameter)
    {
        var name = parameter.Name.VariablePath.UserPath;
        try
        {
            var value = parameter.DefaultValue?.SafeGetValue();
            var typed = parameter.StaticType == typeof(object) ? value : LanguagePrimitives.ConvertTo(value, parameter.StaticType);
            if (typed is bool or int or long or float or double or string && parameter.DefaultValue is not null)
                return new PluginParameter(name, typed, "");
        }
        catch (Exception exception) when (exception is InvalidOperationException or PSInvalidCastException)
        {
            throw Invalid(name, exception);
        }

        throw Invalid(name, null);
    }

    private GptException Invalid(string parameter, Exception? inner) => new("PluginInvalid", GptErrorKind.InvalidArgument,
        $"The parameter ${parameter} of the block '{Name}' needs a constant as its default, such as [float] ${parameter} = 0.5. "
        + "A number, a text or a bool can be one.", inner);
}
