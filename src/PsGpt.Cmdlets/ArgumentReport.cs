using System.Management.Automation;
using System.Runtime.CompilerServices;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>
/// The warnings of reading a file for a parameter. No cmdlet can write warnings while its parameters are bound, so they wait with the
/// value until the cmdlet runs.
/// </summary>
internal sealed class ArgumentReport
{
    private const string TokenizerParameter = "Tokenizer";

    // The keys are held weakly: a value that no cmdlet gets is freed with its report.
    private static readonly ConditionalWeakTable<object, ArgumentReport> Reports = [];

    private readonly List<string> warnings = [];
    private readonly List<string> warningsOfTokenizer = [];
    private GptException? tokenizerError;

    // Import-GptModel runs on the thread that binds the parameter.
    [ThreadStatic]
    private static ArgumentReport? current;

    /// <summary>The report of the parameter that a model is imported for; null where a user imports it.</summary>
    public static ArgumentReport? Current => current;

    /// <summary>Whether the cmdlet only reads the model, so that the next call may have the same one.</summary>
    public bool KeepsModel { get; init; }

    /// <summary>Reads a model for a parameter.</summary>
    public T Collect<T>(Func<T> read)
    {
        current = this;
        try
        {
            return read();
        }
        finally
        {
            current = null;
        }
    }

    /// <summary>Lets the report wait with the value that was read. The report of a value that was kept stays, with what is new.</summary>
    public void WaitWith(object value)
    {
        var waiting = Reports.GetValue(value, _ => this);
        if (waiting == this)
            return;
        warnings.ForEach(waiting.Warn);
        warningsOfTokenizer.ForEach(waiting.WarnOfTokenizer);
        waiting.tokenizerError ??= tokenizerError;
    }

    /// <summary>Adds a warning.</summary>
    public void Warn(string warning) => Add(warnings, warning);

    /// <summary>Adds a warning that does not matter where a model gets another tokenizer.</summary>
    public void WarnOfTokenizer(string warning) => Add(warningsOfTokenizer, warning);

    /// <summary>Notes why a model has no tokenizer, which does not matter where it gets another one.</summary>
    public void FailTokenizer(GptException error) => tokenizerError = error;

    /// <summary>Writes what waits with the arguments of a cmdlet, each warning once.</summary>
    /// <exception cref="GptException">The tokenizer of a model cannot be read, and none is given.</exception>
    public static void WriteAll(PSCmdlet cmdlet)
    {
        var arguments = cmdlet.MyInvocation.BoundParameters;
        foreach (var value in arguments.Values)
        {
            if (value is not null && Reports.TryGetValue(value, out var report))
                report.Write(cmdlet, value is GptModel && arguments.ContainsKey(TokenizerParameter));
        }
    }

    private void Write(PSCmdlet cmdlet, bool hasOtherTokenizer)
    {
        WriteOnce(cmdlet, warnings);
        if (hasOtherTokenizer)
            return;
        if (tokenizerError is not null)
            throw tokenizerError;
        WriteOnce(cmdlet, warningsOfTokenizer);
    }

    private static void Add(List<string> warnings, string warning)
    {
        lock (warnings)
            warnings.Add(warning);
    }

    /// <summary>Values may be shared by runspaces; what is written must not be written again where the cmdlet stops at a warning.</summary>
    private static void WriteOnce(PSCmdlet cmdlet, List<string> warnings)
    {
        string[] taken;
        lock (warnings)
        {
            taken = [.. warnings];
            warnings.Clear();
        }

        foreach (var warning in taken)
            cmdlet.WriteWarning(warning);
    }
}
