# A Hugging Face hub with one model, in a thread of this process: HF_ENDPOINT leads there as long as it runs.

# Starts it. Files holds the contents by name; Requests what was asked, Status an answer for everything. Where HoldAfter is set,
# no more than so many bytes of the weights come at once: then Started is set, and the others trickle until Go is.
function Start-FakeHub {
    param([string] $ModelPath, [string] $Repository = 'owner/tiny')
    $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $address = "http://127.0.0.1:$($probe.LocalEndpoint.Port)"
    $probe.Stop()
    $hub = [hashtable]::Synchronized(@{
            Address    = $address
            Repository = $Repository
            Commit     = 'c' * 40
            Files      = @{}
            Requests   = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
            Status     = 0
            HoldAfter  = 0
            Started    = [System.Threading.ManualResetEvent]::new($false)
            Go         = [System.Threading.ManualResetEvent]::new($false)
            Listener   = [System.Net.HttpListener]::new()
        })
    Get-ChildItem $ModelPath | ForEach-Object { $hub.Files[$_.Name] = [System.IO.File]::ReadAllBytes($_.FullName) }
    $hub.Listener.Prefixes.Add("$address/")
    $hub.Listener.Start()
    $hub.Thread = [powershell]::Create().AddScript($serve).AddArgument($hub)
    $null = $hub.Thread.BeginInvoke()
    $env:HF_ENDPOINT = $address
    $hub
}

function Stop-FakeHub {
    param($Hub)
    $null = $Hub.Go.Set()
    $Hub.Listener.Close()
    $Hub.Thread.Dispose()
    $env:HF_ENDPOINT = $null
}

# The requests since the last call, such as "GET config.json".
function Get-HubRequest {
    param($Hub)
    $text = ''
    while ($Hub.Requests.TryDequeue([ref] $text)) { $text }
}

$serve = {
    param($hub)
    while ($hub.Listener.IsListening) {
        try { $context = $hub.Listener.GetContext() } catch { return }
        $response = $context.Response
        $name = Split-Path $context.Request.Url.AbsolutePath -Leaf
        $hub.Requests.Enqueue("$($context.Request.HttpMethod) $name")
        $response.AddHeader('X-Repo-Commit', $hub.Commit)
        if ($hub.Status) {
            $response.StatusCode = $hub.Status
        }
        elseif (-not $context.Request.Url.AbsolutePath.StartsWith("/$($hub.Repository)/resolve/")) {
            $response.StatusCode = 404
            $response.AddHeader('X-Error-Code', 'RepoNotFound')
        }
        elseif (-not $hub.Files.ContainsKey($name)) {
            $response.StatusCode = 404
            $response.AddHeader('X-Error-Code', 'EntryNotFound')
        }
        else {
            $content = $hub.Files[$name]
            $hash = [System.Security.Cryptography.SHA256]::HashData([byte[]] $content)
            $response.AddHeader('ETag', '"' + [Convert]::ToHexString($hash).ToLowerInvariant() + '"')
            $response.ContentLength64 = $content.Length
            if ($context.Request.HttpMethod -eq 'GET') {
                $start = 0
                if ($hub.HoldAfter -and $name -eq 'model.safetensors') {
                    $response.OutputStream.Write($content, 0, $hub.HoldAfter)
                    $null = $hub.Started.Set()
                    for ($start = $hub.HoldAfter; $start -lt $content.Length -and -not $hub.Go.WaitOne(20); $start++) {
                        try { $response.OutputStream.Write($content, $start, 1) } catch { break }
                    }
                }
                try { $response.OutputStream.Write($content, $start, $content.Length - $start) } catch { continue }
            }
        }
        try { $response.Close() } catch { continue }
    }
}
