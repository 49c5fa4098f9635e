# What the kernels tell with -Verbose, and what the environment says about them: it is read when a process first computes.
BeforeAll {
    . $PSScriptRoot/common.ps1
    $model = New-TinyModel

    function Invoke-Elsewhere {
        param([hashtable] $Environment, [string] $Command)
        try {
            $Environment.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value }
            Invoke-PowerShell ("Import-Module '$((Get-Module PsGpt).ModuleBase)'; " + $Command) 2>&1 | Out-String
        }
        finally {
            $Environment.Keys | ForEach-Object { Remove-Item "env:$_" }
        }
    }
}

Describe 'Kernels' {
    It 'are timed by Start-GptTraining -Verbose' {
        $lines = $model |
            Start-GptTraining -Tokens (New-TinyText | ConvertTo-GptTokens -Model $model) -Steps 3 -SequenceLength 16 -Verbose 4>&1 |
            Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        $lines = $lines[$lines.IndexOf(($lines -match '^Kernel')[0])..$lines.Count]
        $lines[0] | Should -Match '^Kernel +Calls +ms +Share +GFLOP/s +GB/s$'
        # One layer has four matrices, the head is the fifth: 3 steps.
        $lines -match '^MatMulBackwardWeight' | Should -Match '^\S+ +15 +[\d.]+ +[\d.]+% +\d+ +\d+$'
        ($lines | Measure-Object Length -Maximum).Maximum + 'VERBOSE: '.Length | Should -BeLessOrEqual 80
    }

    It 'are timed by Invoke-GptTrainingStep where the preference asks for it' {
        $VerbosePreference = 'Continue'
        $lines = New-TinyText | ConvertTo-GptTokens -Model $model | New-GptBatch -BatchSize 2 -SequenceLength 16 -WarningAction Ignore |
            Invoke-GptTrainingStep -Model $model 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $lines.Message -match '^AdamW' | Should -HaveCount 1
    }

    It 'are not timed without' {
        $model | Start-GptTraining -Tokens (New-TinyText | ConvertTo-GptTokens -Model $model) -Steps 1 -SequenceLength 16 4>&1 |
            Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | Should -BeNullOrEmpty
    }

    It 'end a cmdlet with a clear error where the environment asks for <Name>=<Value>' -TestCases @(
        @{ Name = 'PSGPT_THREADS'; Value = 'many'; Id = 'ThreadCountInvalid' }
        @{ Name = 'PSGPT_KERNELS'; Value = 'avx1024'; Id = 'KernelsNotAvailable' }
    ) {
        Invoke-Elsewhere @{ $Name = $Value } 'Start-GptTraining -Steps 1 -WarningAction Ignore; $Error[0].FullyQualifiedErrorId' |
            Should -Match "$Id,PsGpt.Commands.StartGptTrainingCommand"
    }

    It 'are those that the environment asks for' {
        $script = '(Start-GptTraining -Steps 1 -BatchSize 1 -SequenceLength 8 -WarningAction Ignore).Step'
        Invoke-Elsewhere @{ PSGPT_KERNELS = 'scalar'; PSGPT_THREADS = '1' } $script |
            Should -Match '^1\s*$'
    }
}
