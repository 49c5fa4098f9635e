using System.Diagnostics;
using System.Net.WebSockets;

namespace PsGpt.Unit.Charts.Browser;

/// <summary>
/// A headless Chromium that tests steer over the DevTools protocol. It starts with the first page and serves all tests of a class.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string profile = Directory.CreateTempSubdirectory("psgpt-chromium-").FullName;
    private Process? process;

    /// <summary>The names under which a browser is looked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    /// <summary>The path of the browser; null where there is none.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Join(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
        .FirstOrDefault(File.Exists);

    internal static CancellationToken Deadline => new CancellationTokenSource(Patience).Token;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (process is not null)
            await CloseAsync(process);
        Directory.Delete(profile, recursive: true);
    }

    /// <summary>Opens a file in a window of a width, and waits until it is loaded.</summary>
    internal async Task<ChromiumPage> OpenAsync(string file, int width)
    {
        var page = await ConnectAsync();
        await page.OpenAsync(new Uri(file), width);
        return page;
    }

    /// <summary>Lets the browser end by itself, since a killed one leaves processes that still write to its profile.</summary>
    private async Task CloseAsync(Process browser)
    {
        try
        {
            var page = await ConnectAsync();
            await page.CloseBrowserAsync();
            await browser.WaitForExitAsync(Deadline);
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            browser.Dispose();
        }
    }

    private async Task<ChromiumPage> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(await FindAddressAsync(), Deadline);
        return new ChromiumPage(socket);
    }

    /// <summary>The address of the browser, which it writes when it listens.</summary>
    private async Task<Uri> FindAddressAsync()
    {
        if (process is null)
            await StartAsync();
        var lines = await File.ReadAllLinesAsync(System.IO.Path.Join(profile, "DevToolsActivePort"), Deadline);
        return new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}");
    }

    private async Task StartAsync()
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ];
        var listens = new TaskCompletionSource();
        process = new Process { StartInfo = new ProcessStartInfo(Path!, arguments) { RedirectStandardError = true } };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                listens.TrySetException(new InvalidOperationException("The browser ended before it listened."));
            else if (line.Data.StartsWith("DevTools listening", StringComparison.Ordinal))
                listens.TrySetResult();
        };
        process.Start();
        process.BeginErrorReadLine();
        await listens.Task.WaitAsync(Deadline);
    }
}
