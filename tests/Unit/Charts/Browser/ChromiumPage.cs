using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsGpt.Unit.Charts.Browser;

/// <summary>A page in a browser (https://chromedevtools.github.io/devtools-protocol).</summary>
internal sealed class ChromiumPage(ClientWebSocket socket) : IAsyncDisposable
{
    private readonly List<string> errors = [];
    private readonly HashSet<string> events = [];
    private string? session;
    private string? target;
    private int lastId;

    /// <summary>The errors of scripts so far, and those that the browser logged.</summary>
    public IReadOnlyList<string> Errors => errors;

    public async Task OpenAsync(Uri address, int width)
    {
        target = (string?)(await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }))["targetId"];
        var attached = await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true });
        session = (string?)attached["sessionId"];
        foreach (var domain in new[] { "Page", "Runtime", "Log" })
            await CallAsync($"{domain}.enable", []);
        await SetWidthAsync(width);
        events.Clear();
        await CallAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });
        while (!events.Contains("Page.loadEventFired"))
            Take(await ReceiveAsync());
    }

    /// <summary>Makes the window as wide, and waits until it is drawn again.</summary>
    public async Task ResizeAsync(int width)
    {
        await SetWidthAsync(width);
        await EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>The value of an expression of JavaScript, or that of its promise.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]?.ToJsonString()}");
        return answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>Moves the pointer to a place in the window, as a mouse does.</summary>
    public Task MovePointerAsync(double x, double y) =>
        CallAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = x, ["y"] = y });

    /// <summary>Presses a key, such as <c>ArrowDown</c>.</summary>
    public Task PressAsync(string key) =>
        CallAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = "rawKeyDown", ["key"] = key, ["code"] = key });

    /// <summary>Ends the browser.</summary>
    public Task CloseBrowserAsync() => CallAsync("Browser.close", []);

    public async ValueTask DisposeAsync()
    {
        session = null;
        await CallAsync("Target.closeTarget", new JsonObject { ["targetId"] = target });
        socket.Dispose();
    }

    private Task SetWidthAsync(int width) => CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
    {
        ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false,
    });

    private async Task<JsonObject> CallAsync(string method, JsonObject parameters)
    {
        var message = new JsonObject { ["id"] = ++lastId, ["method"] = method, ["params"] = parameters };
        if (session is not null)
            message["sessionId"] = session;
        await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, Chromium.Deadline);
        while (true)
        {
            var answer = await ReceiveAsync();
            if ((int?)answer["id"] != lastId)
                Take(answer);
            else
                return answer["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
        }
    }

    private void Take(JsonObject message)
    {
        var name = (string?)message["method"] ?? "";
        events.Add(name);
        if (name == "Runtime.exceptionThrown" || (name == "Log.entryAdded" && (string?)message["params"]!["entry"]!["level"] == "error"))
            errors.Add(message["params"]!.ToJsonString());
    }

    private async Task<JsonObject> ReceiveAsync()
    {
        using var stream = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, Chromium.Deadline);
            stream.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonSerializer.Deserialize<JsonObject>(stream.ToArray())!;
        }
    }
}
