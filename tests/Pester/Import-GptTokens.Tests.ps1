BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ImportGptTokensCommand'

    # As dev/data/data_common.py of llm.c writes it.
    function Write-Shard {
        param([string] $Name, [uint16[]] $Ids)
        $header = [int[]]::new(256)
        $header[0], $header[1], $header[2] = 20240520, 1, $Ids.Count
        $bytes = [byte[]]::new(1024 + 2 * $Ids.Count)
        [Buffer]::BlockCopy($header, 0, $bytes, 0, 1024)
        [Buffer]::BlockCopy($Ids, 0, $bytes, 1024, 2 * $Ids.Count)
        [IO.File]::WriteAllBytes((Join-Path $PWD $Name), $bytes)
    }

    function Write-Raw {
        param([string] $Name, [array] $Ids)
        $bytes = [byte[]]::new([Buffer]::ByteLength($Ids))
        [Buffer]::BlockCopy($Ids, 0, $bytes, 0, $bytes.Length)
        [IO.File]::WriteAllBytes((Join-Path $PWD $Name), $bytes)
    }
}

Describe 'Import-GptTokens' {
    BeforeAll {
        Push-Location $TestDrive
        $model = New-TinyModel
        [uint16[]] $ids = (New-TinyText 300 | ConvertTo-GptTokens -Model $model).Ids
        Write-Shard shard_000002.bin $ids[100..299]
        Write-Shard shard_000001.bin $ids[0..99]
        Write-Shard 'val[1].bin' $ids[0..149]
        Write-Raw train.bin $ids
        Write-Raw old.bin ([int[]] $ids)
        Set-Content text.txt 'this is a text, not a token file'
    }

    AfterAll { Pop-Location }

    It 'joins shards in the order of their names, and their borders stay' {
        $dataset = Import-GptTokens shard_*.bin -Model $model -ValidationFraction 0
        $dataset.Training.Count, $dataset.Validation.Count | Should -Be 300, 0
        ($dataset.Training.Parts | ForEach-Object Count) | Should -Be 100, 200
        $dataset.Name, $dataset.TokenizerName | Should -Be 'shard_000001.bin', $model.Tokenizer.Name
        $dataset.Dispose()
    }

    It 'holds the end out, a tenth unless told' {
        $dataset = Import-GptTokens shard_*.bin
        ($dataset.Training.Parts + $dataset.Validation.Parts | ForEach-Object Count) | Should -Be 100, 170, 30
        $dataset.TokenizerName | Should -BeNullOrEmpty
        $dataset.Dispose()
    }

    It 'holds files of their own out' {
        $dataset = Import-GptTokens shard_*.bin -ValidationPath 'val*' -Name mine
        $dataset.Training.Count, $dataset.Validation.Count, $dataset.Name | Should -Be 300, 150, 'mine'
        $dataset.Dispose()
    }

    It 'takes <File> as <Format>' -ForEach @(
        @{ File = 'train.bin'; Format = 'nanogpt' }
        @{ File = 'old.bin'; Format = 'int32' }
    ) {
        $dataset = Import-GptTokens $File -Format $Format -Model $model
        $dataset.Training.Count, $dataset.Validation.Count | Should -Be 270, 30
        $dataset.Dispose()
    }

    It 'tells by the vocabulary that <File> is <Format>, and says so' -ForEach @(
        @{ File = 'train.bin'; Format = 'nanogpt' }
        @{ File = 'old.bin'; Format = 'int32' }
    ) {
        $dataset = Import-GptTokens $File -Model $model -ValidationFraction 0 -WarningVariable warnings -WarningAction SilentlyContinue
        $dataset.Training.Count | Should -Be 300
        $dataset.Dispose()
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike "*$File' has no header*-Format $Format says so*"
    }

    It 'takes the files of Get-ChildItem' {
        $dataset = Get-ChildItem shard*, val* | Import-GptTokens -ValidationFraction 0
        ($dataset.Training.Parts | ForEach-Object Count) | Should -Be 100, 200, 150
        $dataset.Dispose()
    }

    It 'trains to the same losses as the tokens themselves, from each layout' {
        function Get-Loss($Dataset) {
            (New-TinyModel | Start-GptTraining -Dataset $Dataset -Steps 3 -BatchSize 2 -SequenceLength 16 -Seed 1).Loss
        }
        $expected = Get-Loss (New-TinyText 300 | ConvertTo-GptTokens -Model $model | New-GptDataset)
        Get-Loss (Import-GptTokens train.bin -Format nanogpt -Model $model) | Should -Be $expected
        Get-Loss (Import-GptTokens old.bin -Format int32) | Should -Be $expected
        Get-Loss (Import-GptTokens shard_*.bin -Model $model) | Should -Be $expected
    }

    It 'refuses ids of another vocabulary before the first step' {
        Write-Raw large.bin ([uint16[]] (@(1) * 200 + 60000))
        $dataset = Import-GptTokens large.bin -Format nanogpt -Model $model -ValidationFraction 0
        $problem = Get-ErrorOf { New-TinyModel | Start-GptTraining -Dataset $dataset -Steps 1 -BatchSize 2 -SequenceLength 16 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'TokenOutsideVocabulary,*'
    }

    It 'tells of a file that is none, and takes the others' {
        $problem = Get-ErrorOf { $script:dataset = Import-GptTokens text.txt, nowhere.bin, shard_000001.bin -ValidationFraction 0 }
        $problem.FullyQualifiedErrorId | Should -Be "TokenFormatUnknown,$errorClass", "PathNotFound,$errorClass"
        $dataset.Training.Count | Should -Be 100
        $dataset.Dispose()
    }

    It 'emits nothing where nothing could be read' {
        $problem = Get-ErrorOf { $script:dataset = Import-GptTokens text.txt }
        $problem | Should -HaveCount 1
        $dataset | Should -BeNullOrEmpty
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'two ways to hold out'
           Id = 'ValidationAmbiguous'; Script = { Import-GptTokens shard_*.bin -ValidationFraction 0.1 -ValidationPath 'val*' } }
        @{ Name = 'an impossible share'; Id = 'ValidationFractionInvalid'; Script = { Import-GptTokens shard_*.bin -ValidationFraction 1 } }
        @{ Name = 'two tokenizers'; Id = 'TokenizerAmbiguous'; Script = { Import-GptTokens shard_*.bin -Tokenizer gpt2 -Model $model } }
        @{ Name = 'a format that is none'; Id = 'PluginNotFound'; Script = { Import-GptTokens train.bin -Format pickle } }
        @{ Name = 'shards as raw ids'; Id = 'TokenFormatMismatch'; Script = { Import-GptTokens shard_000001.bin -Format nanogpt } }
    ) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
    }

    It 'names a file of llm.c that holds no tokens' -ForEach @(
        @{ Magic = 20240522; Kind = 'an evaluation file of llm.c (HellaSwag)' }
        @{ Magic = 20240527; Kind = 'an optimizer''s state of llm.c' }
    ) {
        $bytes = [byte[]]::new(1024)
        [BitConverter]::GetBytes($Magic).CopyTo($bytes, 0)
        [IO.File]::WriteAllBytes((Join-Path $PWD foreign.bin), $bytes)
        Get-ErrorOf { Import-GptTokens foreign.bin } | ForEach-Object { "$_" } | Should -BeLike "*begins as $Kind does*"
    }

    It 'completes formats' {
        (Get-Completion 'Import-GptTokens x -Format ').CompletionText | Should -Be 'int32', 'llm.c', 'nanogpt', 'npy'
    }
}
