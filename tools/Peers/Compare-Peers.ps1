<#
.SYNOPSIS
    Compares ids and texts with the programs that people use: tiktoken, Hugging Face's tokenizers and llama.cpp, and a plain reader.
.DESCRIPTION
    The peers come from npm into a folder of their own, never into the repository. A peer that cannot be had is skipped with a warning.

    tiktoken    7,500 random texts, encoded by each encoding that it has.
    tokenizers  60 KB of mixed text and the random texts, encoded from the tokenizer.json that Export-GptTokenizer writes. It is the
                Rust library; its twin in JavaScript reads some characters as regular expressions of JavaScript do.
    llama       GGUF files of the built-in model in F32, F16 and Q8_0: the ids of prompts, and the most likely ids behind them.
    directory   The Hugging Face directory of the built-in model, read by read_directory.py, which knows the published formats alone.

    It ends with an error where anything differs. Not part of the tests: it downloads programs and takes some minutes.
.PARAMETER Peer
    The peers; all unless it is given.
.PARAMETER Folder
    Where the packages are installed; a folder that is there already with them is used as it is. A temporary one unless it is given.
.PARAMETER Module
    The module; that of the last build unless it is given.
.PARAMETER Count
    The number of random texts.
.PARAMETER Seed
    Makes the random texts. The same seed makes the same ones.
.EXAMPLE
    ./tools/Peers/Compare-Peers.ps1
.EXAMPLE
    ./tools/Peers/Compare-Peers.ps1 -Peer tiktoken -Seed 7 -Folder ~/peers
#>
[CmdletBinding()]
param(
    [ValidateSet('tiktoken', 'tokenizers', 'llama', 'directory')] [string[]] $Peer = @('tiktoken', 'tokenizers', 'llama', 'directory'),
    [string] $Folder = (Join-Path ([IO.Path]::GetTempPath()) "psgpt-peers-$PID"),
    [string] $Module = "$PSScriptRoot/../../output/PsGpt",
    [ValidateRange(1, 1000000)] [int] $Count = 7500,
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$work = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "psgpt-compared-$PID")).FullName
$packages = @{ tiktoken = 'tiktoken@1.0.22'; tokenizers = 'tokenizers@0.23.2'; llama = 'node-llama-cpp@3.21.1' }
$prompts = 'Once upon a time', 'The little fox', "It's 12 o'clock,  and", '<|endoftext|>', 'café 中文 😀'
$following = 40

# Installs a package of npm; false where that cannot be done.
function Install-Peer([string] $Name) {
    if (-not (Get-Command node, npm -ErrorAction Ignore | Select-Object -Skip 1)) {
        Write-Warning "SKIPPED $($Name): Node.js and npm are not here. Install them from https://nodejs.org."
        return $false
    }
    $null = New-Item -ItemType Directory $Folder -Force
    $package = $packages[$Name] -replace '(?<=.)@[^@]*$'
    if (-not (Test-Path "$Folder/node_modules/$package")) {
        npm install --prefix $Folder --no-audit --no-fund --loglevel error $packages[$Name] *> "$work/$Name.log"
        if ($LASTEXITCODE) {
            Write-Warning "SKIPPED $($Name): npm does not install $($packages[$Name]). $(Get-Content "$work/$Name.log" -Tail 3)"
            return $false
        }
    }
    return $true
}

function Write-Json([string] $Name, $Value) {
    $path = Join-Path $work $Name
    [IO.File]::WriteAllText($path, (ConvertTo-Json -InputObject $Value -Depth 9 -Compress))
    $path
}

function Read-Json([string] $Path) { [IO.File]::ReadAllText($Path) | ConvertFrom-Json -AsHashtable -NoEnumerate }

# Runs a program of this folder. It returns false, after a warning, where the program fails.
function Invoke-Peer([string] $Name, [string] $Program, [string[]] $Arguments) {
    $output = & $Program @Arguments 2>&1
    if ($LASTEXITCODE) { Write-Warning "SKIPPED $($Name): it ends with $LASTEXITCODE. $($output | Select-Object -Last 3)" }
    $LASTEXITCODE -eq 0
}

# One row of the result: how many of two lists of id lists differ.
function Compare-Ids([string] $Peer, [string] $Subject, $Ours, $Theirs, [string[]] $Names) {
    $first = $null
    $different = 0
    for ($i = 0; $i -lt $Ours.Count; $i++) {
        if (($Ours[$i] -join ' ') -cne ($Theirs[$i] -join ' ')) {
            $different++
            $first ??= "$($Names[$i]): ours $($Ours[$i]), theirs $($Theirs[$i])"
        }
    }
    [pscustomobject]@{ Peer = $Peer; Subject = $Subject; Count = $Ours.Count; Different = $different; First = $first }
}

# Valid Unicode with much of what split patterns treat in special ways, and characters from anywhere.
function Get-RandomText([int] $Count) {
    $parts = ' ', ' ', '  ', "`n", "`r`n", "`t", "`u{85}", "`u{a0}", "`u{1680}", "`u{200b}", "`u{2028}", "`u{3000}", "'s", "'S", "'re",
        "'LL",
        "'`u{17f}", "'", "`u{2019}t", 'the', ' of', 'Ab', 'ABC', 'aB', 'x', "`u{1c5}", "`u{2b0}", "`u{aa}", '123', ' 7', "`u{663}",
        "`u{bd}",
        "`u{2163}", '!', '...', ' (', '_', '/', "`n/", '<|endoftext|>', "`u{feff}", "`u{fffd}", "caf`u{e9}", "e`u{301}", "`u{301}",
        "`u{903}",
        "`u{20dd}", "`u{4e2d}`u{6587}", "`u{645}`u{631}`u{62d}", "`u{1f600}", "`u{1f468}`u{200d}`u{1f4bb}", "`u{1d49c}", "`u{1d7d8}"
    $random = [Random]::new($Seed)
    foreach ($i in 1..$Count) {
        -join $(foreach ($part in 0..$random.Next(40)) {
            if ($random.Next(8)) { $parts[$random.Next($parts.Count)] }
            else {
                $code = $random.Next($(if ($random.Next(3)) { 0x3000 } else { 0x110000 }))
                if ([Text.Rune]::IsValid($code)) { [char]::ConvertFromUtf32($code) }
            }
        })
    }
}

# The source code, the stories and other scripts: words, numbers, indentation, marks.
function Get-MixedText {
    $text = -join @(
        Get-GptSampleText -Count 60
        Get-Content "$PSScriptRoot/../../README.md" -Raw
        Get-Content "$PSScriptRoot/Compare-Peers.ps1" -Raw
        "Привет, мир! 你好，世界。 こんにちは　世界 مرحبا بالعالم नमस्ते दुनिया 1,234.56 € ½ ² Ⅷ`r`n`t<|endoftext|>don't WON'T it's`n`n`n   x  " * 60
    )
    $text.Substring(0, [Math]::Min($text.Length, 60KB))
}

function Get-Tokenizer([string] $Name) { [PsGpt.Tokenization.TokenizerCatalog]::Registry.Get($Name).Tokenizer }

function ConvertTo-Ids($Tokenizer, [string[]] $Texts, [bool] $AllowSpecial) {
    foreach ($text in $Texts) { , $Tokenizer.Encode($text, $AllowSpecial) }
}

function Compare-Tiktoken {
    $names = 'gpt2', 'r50k_base', 'p50k_base', 'p50k_edit', 'cl100k_base', 'o200k_base'
    $path = Write-Json texts.json $texts
    if (Invoke-Peer tiktoken node (@("$PSScriptRoot/tiktoken.mjs", $Folder, $path, "$work/tiktoken.json") + $names)) {
        $theirs = Read-Json "$work/tiktoken.json"
        foreach ($name in $names) {
            Compare-Ids tiktoken $name (ConvertTo-Ids (Get-Tokenizer $name) $texts $false) $theirs[$name] $texts
        }
    }
}

# GPT-2's tokens with a normalizer and added tokens of all kinds, as a file that another program wrote.
function Get-NormalizedTokenizer {
    $file = Read-Json (Export-GptTokenizer -Tokenizer gpt2 "$work/plain.json").FullName
    $file.normalizer = @{ type = 'Sequence'; normalizers = @(@{ type = 'NFKC' }, @{ type = 'Lowercase' }) }
    $id = 50257
    foreach ($token in 'of', 'caf', 'x', '...', '123', "'s") {
        $file.added_tokens += @{
            id = $file.model.vocab[$token] ?? $id; content = $token; single_word = $id % 2 -eq 0; lstrip = $id % 3 -eq 0
            rstrip = $id % 5 -eq 0
            normalized = $id % 4 -ne 0; special = $false
        }
        $id++
    }
    Import-GptTokenizer (Write-Json normalized-source.json $file)
}

function Compare-Tokenizers {
    $all = @(Get-MixedText) + $texts
    $path = Write-Json mixed.json $all
    $tokenizers = [ordered]@{}
    foreach ($name in 'gpt2', 'p50k_edit', 'cl100k_base', 'o200k_base') { $tokenizers[$name] = Get-Tokenizer $name }
    $tokenizers['built-in model'] = (Import-GptModel).Tokenizer
    $tokenizers['normalized'] = Get-NormalizedTokenizer
    $files = foreach ($name in $tokenizers.Keys) { (Export-GptTokenizer -Tokenizer $tokenizers[$name] "$work/$name.json").FullName }
    if (Invoke-Peer tokenizers node (@("$PSScriptRoot/tokenizers.mjs", $Folder, $path, "$work/tokenizers.json") + $files)) {
        $theirs = Read-Json "$work/tokenizers.json"
        foreach ($name in $tokenizers.Keys) {
            Compare-Ids tokenizers $name (ConvertTo-Ids $tokenizers[$name] $all $true) $theirs["$work/$name.json"] $all
        }
    }
}

# The lists that objects have under a name, cut to a length.
function Select-List($Objects, [string] $Name, [int] $Length = [int]::MaxValue) {
    foreach ($object in $Objects) { , @($object.$Name | Select-Object -First $Length) }
}

# The ids of each prompt and those that a model finds most likely behind it.
function Get-Following($Model) {
    foreach ($prompt in $prompts) {
        $ids = $Model.Tokenizer.Encode($prompt)
        $completion = Invoke-GptCompletion $prompt -Model $Model -Temperature 0 -MaxTokens $following -WarningAction Ignore
        [pscustomobject]@{ ids = $ids; next = @($completion.Tokens) }
    }
}

# The ids that llama.cpp chose, where the model finds none much likelier there, else the likeliest: with Q8_0 llama.cpp rounds activations
# to eight bits too, so that near ties fall either way.
function Get-Near($Model, $Results) {
    $margin = 0.5
    foreach ($result in $Results) {
        [int[]] $all = @($result.ids) + @($result.next)
        $next = [PsGpt.Generation.TokenPrediction]::Compute($Model, $all, 5, $null, [Threading.CancellationToken]::None) |
            Where-Object Position -ge ($result.ids.Count - 1) | Group-Object Position | Select-Object -First $result.next.Count |
            ForEach-Object {
                $chosen = $_.Group | Where-Object Token -eq $all[$_.Group[0].Position + 1]
                $isNear = $chosen -and $chosen.LogProbability -ge $_.Group[0].LogProbability - $margin
                if ($isNear) { $chosen.Token } else { $_.Group[0].Token }
            }
        [pscustomobject]@{ ids = $result.ids; next = @($next) }
    }
}

function Compare-Llama {
    $files = foreach ($type in 'F32', 'F16', 'Q8_0') {
        (Export-GptModel -Model (Import-GptModel) "$work/$type.gguf" -Format gguf -DataType $type).FullName
    }
    $path = Write-Json prompts.json $prompts
    if (Invoke-Peer llama node (@("$PSScriptRoot/llama.mjs", $Folder, $path, "$work/llama.json", $following) + $files)) {
        $theirs = Read-Json "$work/llama.json"
        foreach ($file in $files) {
            $model = Import-GptModel $file
            $ours = @(Get-Following $model)
            $name = Split-Path $file -LeafBase
            Compare-Ids llama "$name, ids" (Select-List $ours ids) (Select-List $theirs[$file] ids) $prompts
            if ($name -eq 'Q8_0') { $ours = @(Get-Near $model $theirs[$file]) }
            Compare-Ids llama "$name, greedy" (Select-List $ours next) (Select-List $theirs[$file] next) $prompts
        }
    }
}

function Compare-Directory {
    $python = Get-Command python3, python -ErrorAction Ignore | Select-Object -First 1
    if (-not $python) {
        Write-Warning 'SKIPPED directory: Python is not here. Install it from https://www.python.org.'
        return
    }
    $model = Import-GptModel
    $null = Export-GptModel -Model $model "$work/directory"
    $ours = @(Get-Following $model)
    $path = Write-Json ids.json (Select-List $ours ids)
    if (Invoke-Peer directory $python.Source "$PSScriptRoot/read_directory.py", "$work/directory", $path, "$work/directory.json", 12) {
        $theirs = Read-Json "$work/directory.json"
        Compare-Ids directory greedy (Select-List $ours next 12) $theirs $prompts
    }
}

try {
    $texts = @(Get-RandomText $Count)
    $rows = @(
        if ('tiktoken' -in $Peer -and (Install-Peer tiktoken)) { Compare-Tiktoken }
        if ('tokenizers' -in $Peer -and (Install-Peer tokenizers)) { Compare-Tokenizers }
        if ('llama' -in $Peer -and (Install-Peer llama)) { Compare-Llama }
        if ('directory' -in $Peer) { Compare-Directory }
    )
    $rows
    if ($wrong = @($rows | Where-Object Different)) {
        Write-Error "$($wrong.Count) of $($rows.Count) comparisons differ: $($wrong.Subject -join ', ')." -ErrorAction Continue
    }
}
finally {
    Remove-Item $work -Recurse -Force
}
