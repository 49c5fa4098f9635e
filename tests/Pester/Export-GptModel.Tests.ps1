BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ExportGptModelCommand'
}

Describe 'Export-GptModel' {
    BeforeAll {
        Push-Location $TestDrive
        $tiny = New-TinyModel
    }

    AfterAll { Pop-Location }

    It 'writes a folder that holds everything' {
        $tiny | Export-GptModel folder
        (Get-ChildItem folder | Sort-Object { $_.Name.Length }).Name |
            Should -Be 'config.json', 'tokenizer.json', 'model.safetensors', 'tokenizer_config.json'
    }

    It 'emits the folder or the file' {
        $folder = $tiny | Export-GptModel silent
        $folder | Should -BeOfType System.IO.DirectoryInfo
        $folder.Name | Should -Be 'silent'
        ($tiny | Export-GptModel silent.bin -Format llm.c).Name | Should -Be 'silent.bin'
    }

    It 'emits the model with -PassThru' {
        $tiny | Export-GptModel passed -PassThru | Should -Be $tiny
    }

    It 'stores half the bytes with -DataType BFloat16' {
        Export-GptModel -Model $tiny -Path whole
        Export-GptModel -Model $tiny -Path half -DataType BFloat16
        (Get-Item half/model.safetensors).Length | Should -BeLessThan (0.6 * (Get-Item whole/model.safetensors).Length)
    }

    It 'writes a GGUF file that tells the same story when it is read' {
        $model = Import-GptModel
        $model | Export-GptModel story.gguf -Format gguf
        $read = Import-GptModel story.gguf
        "$($read.Name) $($read.Tokenizer)" | Should -Be "story $($model.Tokenizer)"
        "$($read | Invoke-GptCompletion 'Once' -Temperature 0 -MaxTokens 20)" |
            Should -Be "$($model | Invoke-GptCompletion 'Once' -Temperature 0 -MaxTokens 20)"
    }

    It 'stores a byte or so of each weight with -DataType Q8_0' {
        $model = Import-GptModel
        $model | Export-GptModel quarter.gguf -Format gguf -DataType Q8_0
        (Get-Item quarter.gguf).Length | Should -BeLessThan (0.33 * 4 * $model.Configuration.ParameterCount)
        "$(Import-GptModel quarter.gguf | Invoke-GptCompletion 'Once upon a time' -Temperature 0 -MaxTokens 4)" |
            Should -Be "$($model | Invoke-GptCompletion 'Once upon a time' -Temperature 0 -MaxTokens 4)"
    }

    It 'takes the short names of data types and completes them' {
        $model = Import-GptModel
        $lengths = foreach ($type in 'F32', 'Float32', 'f16', 'BF16', 'Q8_0') {
            ($model | Export-GptModel "$type.gguf" -Format gguf -DataType $type -Force).Length
        }
        $lengths[0] | Should -Be $lengths[1]
        $lengths[2] | Should -Be $lengths[3]
        $lengths[0], $lengths[2], $lengths[4] | Should -Be ($lengths[0], $lengths[2], $lengths[4] | Sort-Object -Descending)
        (Get-Completion 'Export-GptModel x -DataType ').CompletionText |
            Should -Be 'BF16', 'BFloat16', 'F16', 'F32', 'Float16', 'Float32', 'Q8_0'
        (Get-Completion 'Export-GptModel x -DataType bf').CompletionText | Should -Be 'BF16', 'BFloat16'
    }

    It 'writes nothing with -WhatIf' {
        $tiny | Export-GptModel nothing -WhatIf
        'nothing' | Should -Not -Exist
    }

    It 'says with -WhatIf that it would replace or fail' {
        $export = {
            param($arguments)
            Start-Transcript -LiteralPath $TestDrive/said.txt -Force | Out-Null
            try { $tiny | Export-GptModel target -WhatIf @arguments } finally { Stop-Transcript | Out-Null }
            Get-Content -LiteralPath $TestDrive/said.txt -Raw
        }
        $tiny | Export-GptModel target
        & $export @{} | Should -Match 'would fail: .*exists\s+already'
        & $export @{ Force = $true } | Should -Match 'and replace what is there'
        Set-Content target/diary.txt 'years of work'
        & $export @{ Force = $true } | Should -Match "would fail: .*also\s+holds\s+'diary.txt'"
        & $export @{ Force = $true; Format = 'gguf' } | Should -Match 'would fail: .*also\s+holds'
        Remove-Item target/diary.txt
        & $export @{ Force = $true; DataType = 'Q8_0' } | Should -Match 'would fail: .*blocks\s+that\s+share\s+a\s+scale'
    }

    It 'emits the model with -WhatIf -PassThru' {
        $tiny | Export-GptModel nothing -WhatIf -PassThru | Should -Be $tiny
    }

    It 'replaces what is there with -Force' {
        Set-Content replaced 'old'
        $tiny | Export-GptModel replaced -Force
        'replaced/config.json' | Should -Exist
    }

    It 'takes brackets for themselves' {
        $tiny | Export-GptModel -LiteralPath 'm[1]'
        Test-Path -LiteralPath 'm[1]/config.json' | Should -BeTrue
    }

    It 'completes the types of weights' {
        (Get-Completion 'Export-GptModel x -DataType Q').CompletionText | Should -Be 'Q8_0'
    }

    It 'completes the formats' {
        (Get-Completion 'Export-GptModel x -Format l').CompletionText | Should -Be 'llm.c'
    }

    It 'says <Id> (<Category>)' -TestCases @(
        @{ Id = 'TargetExists'; Category = 'ResourceExists'; Script = { $null = New-Item there -Force; $tiny | Export-GptModel there } }
        @{ Id = 'WriteFailed'; Category = 'WriteError'; Script = { Set-Content file 'x'; $tiny | Export-GptModel file/model } }
        @{ Id = 'PluginNotFound'; Category = 'ObjectNotFound'; Script = { $tiny | Export-GptModel x -Format nope } }
        @{ Id = 'FormatCannotHold'; Category = 'NotImplemented'; Script = { $tiny | Export-GptModel x -Format llm.c -DataType F16 } }
        @{ Id = 'FormatCannotHold'; Category = 'NotImplemented'
           Script = { $tiny.Tokenizer | New-GptModel -NoBias | Export-GptModel x -Format llm.c } }
        @{ Id = 'FormatCannotHold'; Category = 'NotImplemented'; Script = { $tiny | Export-GptModel x -DataType Q8_0 } }
        @{ Id = 'FormatCannotHold'; Category = 'NotImplemented'; Script = { $tiny | Export-GptModel x -Format gguf } }
        @{ Id = 'PathNotFileSystem'; Category = 'InvalidArgument'; Script = { $tiny | Export-GptModel env:x } }
    ) {
        $records = @(Get-ErrorOf $Script)
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'leaves what is there as it was when it refuses' {
        Set-Content kept 'old'
        $tiny | Export-GptModel kept -ErrorAction Ignore
        Get-Content kept | Should -Be 'old'
    }

    It 'leaves nothing half-written' {
        Get-ChildItem -Filter *.partial* | Should -BeNullOrEmpty
    }
}
