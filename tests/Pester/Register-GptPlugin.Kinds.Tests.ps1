# Each kind of plug-in as a class that is wrong in each way, in processes of their own: an assembly stays loaded.
BeforeDiscovery {
    $kinds = @('Tokenizer', 'TextSplitter', 'ModelFormat', 'TokenizerFormat', 'Optimizer', 'Schedule', 'Sampler', 'BatchSource'
        'StepObserver', 'Chart')
    $cases = foreach ($kind in $kinds) {
        @{ Kind = $kind; What = 'throws'; Problem = 'bang' }
        @{ Kind = $kind; What = 'writes'; Problem = 'console' }
        @{ Kind = $kind; What = 'shouts'; Problem = 'console' }
        @{ Kind = $kind; What = 'hoards'; Problem = '' }
        @{ Kind = $kind; What = 'cancels'; Problem = 'cancel' }
        if ($kind -ne 'StepObserver') { @{ Kind = $kind; What = 'gives'; Problem = '' } }
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script = Join-Path $TestDrive 'use.ps1'
    Set-Content $script @'
param([string] $Module, [switch] $Hoards)

# A guard that fails must not take the machine's memory. Half of this is what a call may allocate.
if ($Hoards) {
    [AppContext]::SetData('GCHeapHardLimit', [ulong] 1GB)
    [GC]::RefreshMemoryLimit()
}
Import-Module $Module
Set-Location $PSScriptRoot
$engine = [PsGpt.Plugins.PluginGuard].Assembly.Location

# A class of each kind: BASE is its constructor, WRONG what it does wrong before it does its work, and GIVES whether its result is wrong.
$templates = @{
    Tokenizer = 'class T : Tokenizer { public override string Name => "NAME"; public override int VocabularySize => 2;
        public override int? EndOfTextToken => null; public override ReadOnlySpan<byte> GetSpan(int token) => default;
        public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens) {
        WRONG tokens.Add(GIVES ? 7 : 0); return text.Length; } }
        public class NAME : TokenizerPlugin { public NAME() : base("NAME", "A test.", () => new T()) { } }'
    TextSplitter = 'public class NAME : Named, IPreTokenizer { public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd) {
        WRONG return GIVES ? text.Length + 1 : text.Length; } }'
    ModelFormat = 'public class NAME : Named, IModelFormat { public bool Recognizes(string path) => false;
        public GptModel Read(string path, ModelReadOptions options, CancellationToken token) { WRONG return null; }
        public void Write(GptModel m, string path, WeightDataType type, IProgress<double> p, CancellationToken token) { WRONG } }'
    TokenizerFormat = 'public class NAME : Named, ITokenizerFormat { public bool Recognizes(string path) => false;
        public Tokenizer Read(string path, IPreTokenizer split, Action<string> warn) { WRONG return null; }
        public byte[] Write(Tokenizer tokenizer) { WRONG return null; } }'
    Optimizer = 'class O : IOptimizer { public OptimizerSetup Setup; public void Update(TensorSet gradients, in OptimizerStep step) {
        var weights = Setup.Parts[0].In(Setup.Model.GetWeights(), 0); weights.Fill(1); WRONG if (GIVES) weights.Fill(float.NaN); } }
        public class NAME : OptimizerPlugin { public NAME() : base("NAME", "A test.", setup => new O { Setup = setup }) { } }'
    Schedule = 'public class NAME : Named, ILearningRateSchedule { public bool NeedsEnd => false;
        public double FactorAt(double progress, double fraction) { WRONG return GIVES ? double.NaN : 1; } }'
    Sampler = 'class S : ISampler { public void Apply(Span<float> logits, in SamplingState state) {
        WRONG if (GIVES) logits.Fill(float.NaN); } }
        public class NAME : SamplerPlugin { public NAME() : base("NAME", "A test.", setup => new S()) { } }'
    BatchSource = 'class L : IDataLoader { public double Epoch => 0; public long TokensPerEpoch => 10;
        public BatchPosition Position => new();
        public void MoveTo(BatchPosition position, CancellationToken token) { }
        public TokenBatch Next() { WRONG return GIVES ? null : new TokenBatch(new int[32], new int[32], 2, 16, null); } }
        public class NAME : BatchSourcePlugin { public NAME() : base("NAME", "A test.", setup => new L()) { } }'
    StepObserver = 'class O : IStepObserver { public void Observe(StepObservation observation) { WRONG } }
        public class NAME : StepObserverPlugin { public NAME() : base("NAME", "A test.", setup => new O()) { } }'
    Chart = 'public class NAME : Named, IChartFormat { public IReadOnlyList<string> Extensions => new[] { ".NAME" };
        public string ToText(PsGpt.Charts.Chart chart, CancellationToken token) { WRONG return GIVES ? null : ""; } }'
}
$wrong = @{
    throws = 'throw new InvalidOperationException("bang");'; writes = 'Console.WriteLine("noise");'; shouts = 'Slow.Shout();'
    hoards = 'Slow.Hoard();'
    cancels = 'throw new OperationCanceledException();'; gives = ''
}

# Each hangs; those that get a token to cancel them also wait for it.
$waits = @{
    Sampler = 'state.CancellationToken'; Optimizer = 'step.CancellationToken'; StepObserver = 'observation.CancellationToken'
    ModelFormat = 'token'
}
$code = foreach ($kind in $waits.Keys) {
    $name = "${kind}waits".ToLowerInvariant()
    $wait = "Slow.Wait($($waits[$kind]));"
    "namespace N$name { $($templates[$kind] -creplace 'NAME', $name -creplace 'WRONG', $wait -creplace 'GIVES', 'false') }"
}
$code += foreach ($kind in $templates.Keys) {
    $name = "${kind}hangs".ToLowerInvariant()
    "namespace N$name { $($templates[$kind] -creplace 'NAME', $name -creplace 'WRONG', 'Slow.Hang();' -creplace 'GIVES', 'false') }"
    foreach ($what in $wrong.Keys) {
        $name = "$kind$what".ToLowerInvariant()
        $gives = if ($what -eq 'gives') { 'true' } else { 'false' }
        "namespace N$name { $($templates[$kind] -creplace 'NAME', $name -creplace 'WRONG', $wrong[$what] -creplace 'GIVES', $gives) }"
    }
}
$references = $engine, 'System.Runtime', 'System.Memory', 'System.Console', 'System.Collections', 'System.Threading',
    'System.Threading.Thread'
$file = $Hoards ? 'hoards.dll' : 'wrong.dll'
Add-Type -OutputAssembly $file -IgnoreWarnings -WarningAction SilentlyContinue -ReferencedAssemblies $references -TypeDefinition @"
using System; using System.Collections.Generic; using System.Threading; using PsGpt.Plugins; using PsGpt.Generation; using PsGpt.Data;
using PsGpt.Charts; using PsGpt.Formats; using PsGpt.Formats.Tokenizers; using PsGpt.Formats.Weights; using PsGpt.Model;
using PsGpt.Tensors; using PsGpt.Training; using PsGpt.Tokenization;
[assembly: PluginInterface(PluginInterfaceAttribute.Current)]
public static class Slow {
    public static ManualResetEventSlim Entered = new();
    public static void Hang() { Entered.Set(); Thread.Sleep(Timeout.Infinite); }
    public static void Hoard() { var all = new List<byte[]>(); while (true) all.Add(new byte[1 << 20]); }
    public static void Shout() {
        var thread = new Thread(() => Console.WriteLine("noise")); thread.Start(); thread.Join();
        System.Threading.Tasks.Task.Run(() => Console.Error.WriteLine("noise")).Wait(); }
    public static void Wait(CancellationToken token) { Entered.Set(); token.WaitHandle.WaitOne(); token.ThrowIfCancellationRequested(); } }
public abstract class Named : IPlugin { public string Name => GetType().Name; public string Description => "A test."; }
$code
"@
Register-GptPlugin $file -ErrorAction Stop

$model = New-GptTokenizer 'the quick brown fox jumps over the lazy dog' -Kind Character |
    New-GptModel -LayerCount 1 -HeadCount 2 -ChannelCount 16 -ContextLength 32
$text = 'the quick brown fox ' * 20
Set-Content ranks.tiktoken (0..255).ForEach{ "$([Convert]::ToBase64String([byte[]] $_)) $_" }
$steps = $text | Start-GptTraining -Model $model -Steps 2
$run = @{ Model = $model; Steps = 2; BatchSize = 2; SequenceLength = 16; ValidationInterval = 0; ErrorAction = 'Stop' }
$uses = @{
    Tokenizer = { ConvertTo-GptTokens x -Tokenizer $name -ErrorAction Stop }
    TextSplitter = {
        $tokenizer = Import-GptTokenizer ranks.tiktoken -PreTokenizer $name -ErrorAction Stop
        ConvertTo-GptTokens x -Tokenizer $tokenizer -ErrorAction Stop
    }
    ModelFormat = { $model | Export-GptModel kept -Format $name -Force -ErrorAction Stop }
    TokenizerFormat = { Import-GptTokenizer ranks.tiktoken -Format $name -ErrorAction Stop }
    Optimizer = { $text | Start-GptTraining @run -Optimizer $name }
    Schedule = { $text | Start-GptTraining @run -Schedule $name }
    Sampler = { Invoke-GptCompletion the -Model $model -Sampler $name -ErrorAction Stop }
    BatchSource = { $text | Start-GptTraining @run -BatchSource $name }
    StepObserver = { $text | Start-GptTraining @run -StepObserver $name -LearningRate 1e-30 -WeightDecay 0 }
    Chart = { Set-Content "kept.$name" 'kept'; $steps | Export-GptChart "kept.$name" -Force -ErrorAction Stop }
}
$null = $model | Export-GptModel kept -Format llm.c -Force -WarningAction SilentlyContinue
$hash = (Get-FileHash kept).Hash
function Test-Unharmed {
    $null = $model | Export-GptModel now -Format llm.c -Force -WarningAction SilentlyContinue
    (Get-FileHash now).Hash -eq $hash -and (Get-FileHash kept).Hash -eq $hash
}

function Use-Wrong {
    param([string] $Kind, [string] $Name)
    try { $null = & $uses[$Kind]; $found = 'nothing' } catch { $found = "$($_.FullyQualifiedErrorId) $_" -replace '\s+', ' ' }
    $isKept = $Kind -ne 'Chart' -or (Get-Content "kept.$Name") -eq 'kept'
    "${Name}: same $((Test-Unharmed) -and $isKept) $found"
}

foreach ($kind in $uses.Keys) {
    foreach ($what in $Hoards ? 'hoards' : @($wrong.Keys).Where{ $_ -ne 'hoards' }) {
        Use-Wrong $kind ("$kind$what".ToLowerInvariant())
    }
}

if ($Hoards) { return }
$source = (Get-GptPlugin samplerwaits).Source
$assembly = [AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -eq $source }[0]
$slow = $assembly.GetType('Slow').GetField('Entered').GetValue($null)
foreach ($name in $waits.Keys.ForEach{ "${_}waits" } + $uses.Keys.ForEach{ "${_}hangs" }) {
    $kind = $name -creplace '(waits|hangs)$'
    $name = $name.ToLowerInvariant()
    $slow.Reset()
    $shell = [powershell]::Create().AddScript(
        "param(`$model, `$text, `$run, `$name, `$steps) Import-Module '$Module'; Set-Location '$PSScriptRoot'`n$($uses[$kind])")
    $model, $text, $run, $name | ForEach-Object { $null = $shell.AddArgument($_) }
    $null = $shell.AddArgument($steps)
    $null = $shell.BeginInvoke()
    $hasBegun = $slow.Wait(60000)
    $shell.Stop()
    "${name}: same $(Test-Unharmed) $hasBegun $($shell.InvocationStateInfo.State) $($shell.Streams.Error.Count) errors"
    "${name}: told $($shell.Runspace.SessionStateProxy.GetVariable('Error')[0])"
}

foreach ($kind in $uses.Keys) { Use-Wrong $kind ("${kind}hangs".ToLowerInvariant()) }
'@
    $module = (Get-Module PsGpt).Path
    $lines = '', '-Hoards' | ForEach-Object { Invoke-PowerShell "& '$script' '$module' $_" 2>&1 } | ForEach-Object { "$_" }
}

Describe 'A class that is wrong' {
    It 'is named, and model and files are unharmed: a <Kind> that <What>' -ForEach $cases {
        $name = "$Kind$What".ToLowerInvariant()
        $like = "${name}: same True PluginFailed,*'$name'*$Problem*"
        @($lines -like $like) | Should -HaveCount 1 -Because ($lines -join "`n")
    }

    It 'ends with Ctrl+C where it looks at its token, and harms nothing: a <_>' -ForEach Sampler, Optimizer, StepObserver, ModelFormat {
        $lines | Should -Contain "$("${_}waits".ToLowerInvariant()): same True True Stopped 0 errors"
    }

    It 'ends with Ctrl+C though it never returns, is named and not called again, and harms nothing: a <_>' -ForEach $kinds {
        $name = "${_}hangs".ToLowerInvariant()
        $lines | Should -Contain "${name}: same True True Stopped 0 errors"

        # Where a model is written on another thread, the pipeline's leaves it with its progress bar.
        if ($_ -ne 'ModelFormat') {
            @($lines -like "${name}: told *'$name' was stopped and did not end*") | Should -HaveCount 1 -Because ($lines -join "`n")
        }
        @($lines -like "${name}: same True PluginFailed,*'$name'*not called again*") | Should -HaveCount 1 -Because ($lines -join "`n")
    }

    It 'writes nothing to the console' { $lines | Should -Not -Contain 'noise' }
}
