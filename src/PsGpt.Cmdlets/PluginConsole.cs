using System.Text;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>
/// The console while plug-ins run: what one of them writes would be mixed with the output of the pipeline, so it is an error of that
/// plug-in. All other text passes.
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
        Require();
        inner.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Require();
        inner.Write(buffer, index, count);
    }

    public override void Write(string? value)
    {
        Require();
        inner.Write(value);
    }

    public override void Flush() => inner.Flush();

    private static void Require()
    {
        if (PluginGuard.Current is not null)
            throw new InvalidOperationException("it wrote to the console, which belongs to the pipeline");
    }
}
