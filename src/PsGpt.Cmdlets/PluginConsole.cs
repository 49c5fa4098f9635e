using System.Text;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>
/// The console while plug-ins run: what one of them writes, on whatever thread it started, would be mixed with the output of the pipeline,
/// so it is taken away, and is an error of that plug-in. All other text passes.
/// </summary>
/// <param name="inner">The console.</param>
internal sealed class PluginConsole(TextWriter inner) : TextWriter
{
    private static readonly Lock Gate = new();
    private static bool isWatching;

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Begins to watch, once for the process.</summary>
    public static void Watch()
    {
        lock (Gate)
        {
            // Console.Out itself is wrapped by .NET, so the type cannot be asked for.
            if (isWatching)
                return;
            isWatching = true;
            Console.SetOut(new PluginConsole(Console.Out));
            Console.SetError(new PluginConsole(Console.Error));
        }
    }

    public override void Write(char value)
    {
        if (!PluginGuard.TakesText())
            inner.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        if (!PluginGuard.TakesText())
            inner.Write(buffer, index, count);
    }

    public override void Write(string? value)
    {
        if (!PluginGuard.TakesText())
            inner.Write(value);
    }

    public override void Flush() => inner.Flush();
}
