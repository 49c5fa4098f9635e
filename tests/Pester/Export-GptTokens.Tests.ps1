BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ExportGptTokensCommand'
}

Describe 'Export-GptTokens' {
    BeforeAll {
        $model = New-TinyModel
        $tokens = New-TinyText 300 | ConvertTo-GptTokens -Model $model
    }

    BeforeEach { Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))) }

    AfterEach { Pop-Location }

    It 'writes one file and emits it' {
        $file = $tokens | Export-GptTokens tokens.bin
        $file | Should -BeOfType System.IO.FileInfo
        $file.Name, $file.Length | Should -Be 'tokens.bin', (1024 + 600)
        (Get-ChildItem).Name | Should -Be 'tokens.bin'
    }

    It 'writes raw ids for nanoGPT, byte for byte' {
        $null = $tokens | Export-GptTokens train.bin -Format nanogpt
        $bytes = [IO.File]::ReadAllBytes("$PWD/train.bin")
        (0..299).ForEach{ [BitConverter]::ToUInt16($bytes, 2 * $_) } | Should -Be $tokens.Ids
    }

    It 'writes shards that Import-GptTokens reads again' {
        $files = $tokens, $tokens | Export-GptTokens tokens.bin -ShardSize 250
        $files.Name | Should -Be 'tokens_000001.bin', 'tokens_000002.bin', 'tokens_000003.bin'
        $dataset = Import-GptTokens tokens_*.bin -Model $model -ValidationFraction 0
        ($dataset.Training.Parts | ForEach-Object Count) | Should -Be 250, 250, 100
        $dataset.Dispose()
    }

    It 'leaves whole shards alone where the pipeline is stopped' {
        $file = 1..5 | ForEach-Object { $tokens } | Export-GptTokens tokens.bin -ShardSize 250 | Select-Object -First 1
        $file.Name | Should -Be 'tokens_000001.bin'
        (Get-ChildItem).Name | Should -Be 'tokens_000001.bin'
    }

    It 'leaves nothing where what comes before it fails' {
        { & { $tokens; throw 'no more' } | Export-GptTokens tokens.bin } | Should -Throw 'no more'
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        $tokens | Export-GptTokens tokens.bin -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'replaces a file with -Force alone' {
        Set-Content tokens.bin mine
        (Get-ErrorOf { $tokens | Export-GptTokens tokens.bin }).FullyQualifiedErrorId | Should -Be "TargetExists,$errorClass"
        Get-Content tokens.bin | Should -Be mine
        ($tokens | Export-GptTokens tokens.bin -Force).Length | Should -Be 1624
    }

    It 'warns of shards of an earlier text' {
        $null = $tokens | Export-GptTokens tokens.bin -ShardSize 100
        $null = $tokens | Export-GptTokens tokens.bin -ShardSize 150 -Force -WarningVariable warning 3> $null
        $warning | Should -Match 'tokens_000003\.bin'
    }

    It 'tells of tokens of another tokenizer, and takes the others' {
        $problem = Get-ErrorOf { $script:file = $tokens, ('text' | ConvertTo-GptTokens), $tokens | Export-GptTokens tokens.bin }
        $problem.FullyQualifiedErrorId | Should -Be "TokenizerMismatch,$errorClass"
        $file.Length | Should -Be (1024 + 1200)
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'ids that do not fit'
           Id = 'TokenTooLarge', 'TooFewTokens'
           Script = { 'хорошо 東京' | ConvertTo-GptTokens -Tokenizer o200k_base | Export-GptTokens tokens.bin -Format nanogpt } }
        @{ Name = 'a shard of nothing'; Id = 'ShardSizeInvalid'; Script = { $tokens | Export-GptTokens tokens.bin -ShardSize 0 } }
        @{ Name = 'a format that is none'; Id = 'PluginNotFound'; Script = { $tokens | Export-GptTokens tokens.bin -Format pickle } }
        @{ Name = 'a folder that is not there, once'
           Id = 'WriteFailed'; Script = { $tokens, $tokens | Export-GptTokens nowhere/tokens.bin } }
        @{ Name = 'no tokens'; Id = 'TooFewTokens'; Script = { @() | Export-GptTokens tokens.bin } }
    ) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be @($Id | ForEach-Object { "$_,$errorClass" })
        Get-ChildItem | Should -BeNullOrEmpty
    }
}
