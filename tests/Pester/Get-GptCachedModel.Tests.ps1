BeforeAll {
    . $PSScriptRoot/common.ps1
    $cache = "$TestDrive/cache"
    $old = $env:HF_HUB_CACHE
    $env:HF_HUB_CACHE = $cache

    # A revision as the hub client lays it out: contents by their tag, and links to them.
    function New-CachedRevision {
        param([string] $Name, [string] $Commit, [hashtable] $Blobs, [string] $Reference)
        $root = Join-Path $cache "models--$($Name.Replace('/', '--'))"
        $snapshot = Join-Path $root "snapshots/$Commit"
        $null = New-Item -ItemType Directory $snapshot, "$root/blobs", "$root/refs" -Force
        foreach ($file in $Blobs.Keys) {
            $tag, $text = $Blobs[$file]
            Set-Content -LiteralPath "$root/blobs/$tag" $text -NoNewline
            $null = [System.IO.File]::CreateSymbolicLink("$snapshot/$file", "../../blobs/$tag")
        }
        if ($Reference) { Set-Content -LiteralPath "$root/refs/$Reference" $Commit -NoNewline }
    }
}

AfterAll {
    $env:HF_HUB_CACHE = $old
}

Describe 'Models in the cache of the hub' {
    BeforeEach {
        Remove-Item -LiteralPath $cache -Recurse -Force -ErrorAction Ignore
        New-CachedRevision gpt2 ('a' * 40) @{ 'config.json' = 'c1', '{"model_type":"gpt2"}'; 'model.safetensors' = 'w1', ('x' * 1000) } main
        New-CachedRevision gpt2 ('b' * 40) @{ 'config.json' = 'c2', '{"model_type":"gpt2","a":1}'; 'model.safetensors' = 'w1',
            ('x' * 1000) } v2
        New-CachedRevision owner/tiny ('c' * 40) @{ 'config.json' = 'c1', '{"model_type":"gpt2"}'; 'model.safetensors' = 'w1',
            ('y' * 500) } main
        New-CachedRevision owner/other ('d' * 40) @{ 'config.json' = 'c1', '{"model_type":"llama"}' } main
    }

    It 'lists name, revision, size, last use and path of those that can be read' {
        $models = Get-GptCachedModel
        $models | ForEach-Object { "$($_.Name) $($_.Revision)" } | Sort-Object | Should -Be 'gpt2 main', 'gpt2 v2', 'owner/tiny main'
        ($models | Where-Object Name -eq gpt2 | Measure-Object Size -Sum).Sum | Should -Be (1000 + 21 + 27)
        ($models | Where-Object Name -eq owner/tiny).Size | Should -Be 521
        $models.LastUsed | ForEach-Object { $_ | Should -BeGreaterThan (Get-Date).AddHours(-1) }
        $models.Path | ForEach-Object { $_ | Should -Exist }
        Get-GptCachedModel | Get-Line | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        (Get-GptCachedModel | Get-Line) -match '^Name +Revision +Size +LastUsed' | Should -HaveCount 1
    }

    It 'finds by name and revision, with wildcards and from the pipeline' {
        (Get-GptCachedModel GPT*).Count | Should -Be 2
        (Get-GptCachedModel gpt2 v2).Commit | Should -Be ('b' * 40)
        (Get-GptCachedModel gpt2 ('b' * 40)).Revision | Should -Be v2
        ('owner/tiny', 'gpt2' | Get-GptCachedModel -Revision main).Count | Should -Be 2
        Get-GptCachedModel nothing* | Should -BeNullOrEmpty
        (Get-ErrorOf { Get-GptCachedModel nothing, owner/tiny }).FullyQualifiedErrorId |
            Should -Be 'CachedModelNotFound,PsGpt.Commands.GetGptCachedModelCommand'
        @(Get-GptCachedModel nothing, owner/tiny -ErrorAction Ignore).Count | Should -Be 1
    }

    It 'completes names and revisions' {
        (Get-Completion 'Get-GptCachedModel o').CompletionText | Should -Be owner/tiny
        (Get-Completion 'Remove-GptCachedModel gpt2 -Revision v').CompletionText | Should -Be v2
    }

    It 'removes a revision, and leaves what another needs' {
        Get-GptCachedModel gpt2 v2 | Remove-GptCachedModel
        (Get-GptCachedModel gpt2).Size | Should -Be 1021
        "$cache/models--gpt2/blobs/w1" | Should -Exist
        "$cache/models--gpt2/blobs/c2" | Should -Not -Exist
        Remove-GptCachedModel gpt2
        "$cache/models--gpt2" | Should -Not -Exist
        (Get-GptCachedModel).Name | Should -Be owner/tiny
    }

    It 'removes nothing with -WhatIf, and nothing of other tools with a wildcard' {
        Remove-GptCachedModel * -WhatIf
        (Get-GptCachedModel).Count | Should -Be 3
        Remove-GptCachedModel * | Should -BeNullOrEmpty
        Get-GptCachedModel | Should -BeNullOrEmpty
        "$cache/models--owner--other/blobs/c1" | Should -Exist
    }

    It 'says which model is not there' {
        $record = Get-ErrorOf { Remove-GptCachedModel gpt2-large }
        $record.FullyQualifiedErrorId | Should -Be 'CachedModelNotFound,PsGpt.Commands.RemoveGptCachedModelCommand'
        $record.CategoryInfo.Category | Should -Be ObjectNotFound
        "$record" | Should -Match "'gpt2-large'"
    }
}
