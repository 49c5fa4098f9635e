# Assemblies of plug-ins that are compiled here, in one process of their own: an assembly stays loaded.
BeforeAll {
    . $PSScriptRoot/common.ps1
    $script = Join-Path $TestDrive 'use.ps1'
    Set-Content $script @'
param([string] $Module)
Import-Module $Module
$engine = [PsGpt.Plugins.PluginGuard].Assembly.Location

function Use-Assembly {
    param([string] $Name, [string] $Code, [scriptblock] $Then = {}, [string] $Version = 'PluginInterfaceAttribute.Current')
    $file = Join-Path $PSScriptRoot "$Name.dll"
    Add-Type -OutputAssembly $file -ReferencedAssemblies $engine, System.Runtime, System.Memory, System.Console, System.Collections `
        -TypeDefinition "using System; using PsGpt.Plugins; using PsGpt.Generation; using PsGpt.Tokenization;
            [assembly: PluginInterface($Version)] $Code"
    try { Register-GptPlugin $file -ErrorAction Stop; "${Name}: $(& $Then)" }
    catch { "${Name}: $($_.FullyQualifiedErrorId) $_" -replace '\s+', ' ' }
}

function Use-Sampler {
    param([string] $Name, [string] $Body)
    Use-Assembly $Name "public class $Name : SamplerPlugin { public $Name() : base(`"$Name`", `"A test.`", _ => new Rule()) { }
        class Rule : ISampler { public void Apply(Span<float> logits, in SamplingState state) { $Body } } }" {
        Invoke-GptCompletion Once -MaxTokens 1 -Sampler $Name -ErrorAction Stop
    }
}

Use-Assembly Newer 'public class A { }' -Version 2
Use-Assembly Empty 'public class A { }'
Use-Assembly Fine 'public class Fine : SamplerPlugin { public Fine() : base("fine", "A test.", _ => null) { } }' {
    Register-GptPlugin $file -ErrorAction Stop
    (Get-GptPlugin fine).Kind
}
Use-Sampler Throws 'throw new Exception("bang");'
Use-Sampler Nans 'logits.Fill(float.NaN);'
Use-Sampler Hoards 'for (var i = 0; i < 3; i++) GC.KeepAlive(new byte[1 << 29]);'
Use-Sampler Writes 'Console.WriteLine("noise");'
Use-Assembly Odd 'public class Odd : TokenizerPlugin { public Odd() : base("odd", "A test.", () => new T()) { }
    class T : Tokenizer { public override string Name => "odd"; public override int VocabularySize => 2;
    public override int? EndOfTextToken => null; public override ReadOnlySpan<byte> GetSpan(int token) => default;
    public override int Encode(ReadOnlySpan<char> text, bool isEnd, System.Collections.Generic.List<int> tokens) {
    tokens.Add(7); return text.Length; } } }' { ConvertTo-GptTokens x -Tokenizer odd -ErrorAction Stop }
Use-Assembly Ctor 'public class A : SamplerPlugin { public A() : base("first", "", _ => null) { } }
    public class B : SamplerPlugin { public B() : base("b", "", _ => null) { throw new Exception("bang"); } }'
"left: $(@(Get-GptPlugin firs*).Count)"
'@
    $module = (Get-Module PsGpt).Path
    $lines = Invoke-PowerShell "& '$script' '$module'" 2>&1 | ForEach-Object { "$_" }
}

Describe 'Register-GptPlugin with an assembly' {
    It '<What>' -ForEach @(
        @{
            What = 'refuses another major version of the interfaces by name'
            Like = 'Newer: PluginVersionMismatch,*Newer*version 2*version 1*'
        }
        @{ What = 'refuses one without plug-ins'; Like = 'Empty: PluginAssemblyInvalid,*' }
        @{ What = 'takes the same file again silently'; Like = 'Fine: Sampler' }
        @{ What = 'names a sampler that throws'; Like = "Throws: PluginFailed,*sampler 'Throws'*bang*" }
        @{ What = 'names a sampler that leaves NaN'; Like = "Nans: PluginFailed,*sampler 'Nans'*NaN*" }
        @{ What = 'names a sampler that allocates without end'; Like = "Hoards: PluginFailed,*sampler 'Hoards'*bytes*" }
        @{ What = 'names a sampler that writes to the console'; Like = "Writes: PluginFailed,*sampler 'Writes'*console*" }
        @{ What = 'names a tokenizer that breaks its contract'; Like = "Odd: PluginFailed,*tokenizer 'odd'*id 7*" }
        @{ What = 'names a constructor that throws'; Like = "Ctor: PluginFailed,*class 'B'*bang*" }
        @{ What = 'registers nothing then'; Like = 'left: 0' }
    ) {
        @($lines -like $Like) | Should -HaveCount 1 -Because ($lines -join "`n")
    }

    It 'lets no plug-in write to the console' { $lines | Should -Not -Contain 'noise' }
}
