BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Get-GptPlugin' {
    It 'lists a built-in <Kind> called <Name>' -ForEach @(
        @{ Kind = 'Tokenizer'; Name = 'gpt2' }, @{ Kind = 'TextSplitter'; Name = 'cl100k_base' }, @{ Kind = 'ModelFormat'; Name = 'gguf' }
        @{ Kind = 'TokenizerFormat'; Name = 'tiktoken' }, @{ Kind = 'Optimizer'; Name = 'muon' }, @{ Kind = 'Schedule'; Name = 'cosine' }
        @{ Kind = 'Sampler'; Name = 'top-p' }, @{ Kind = 'BatchSource'; Name = 'shuffled' }, @{ Kind = 'Chart'; Name = 'svg' }
    ) {
        $found = Get-GptPlugin $Name -Kind $Kind
        $found.Name | Should -Be $Name
        $found.Kind | Should -Be $Kind
        $found.Source | Should -Be 'PsGpt'
        $found.Description | Should -Not -BeNullOrEmpty
    }

    It 'takes wildcards, names of the pipeline, and several kinds' {
        (Get-GptPlugin c* -Kind Schedule).Name | Should -Be 'constant', 'cosine'
        ('sgd', 'linear' | Get-GptPlugin).Kind | Should -Be 'Optimizer', 'Schedule'
        (Get-GptPlugin -Kind Schedule, Optimizer).Kind | Select-Object -Unique | Should -Be 'Optimizer', 'Schedule'
    }

    It 'says that there is none of a name, and serves the next' {
        $found = 'nothing', 'sgd' | Get-GptPlugin -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'sgd'
        $problem.FullyQualifiedErrorId | Should -BeLike 'PluginNotFound,*'
    }

    It 'offers each name once, in quotes only where it needs them' {
        $offered = Get-Completion 'Get-GptPlugin '
        $offered.ListItemText | Group-Object | Where-Object Count -gt 1 | Should -BeNullOrEmpty
        $offered.CompletionText | Should -Contain cl100k_base
        ($offered | Where-Object ListItemText -eq cl100k_base).ToolTip | Should -BeLike '*TextSplitter: *'
        (Get-Completion "Get-GptPlugin 'cl1").CompletionText | Should -Be "'cl100k_base'"
        (Get-Completion 'Get-GptPlugin "cl1').CompletionText | Should -Be '"cl100k_base"'
        Register-GptPlugin -Kind Schedule -Name "it's half" -ScriptBlock { 0.5 }
        try { (Get-Completion 'Get-GptPlugin it').CompletionText | Should -Be "'it''s half'" }
        finally { Unregister-GptPlugin -Kind Schedule "it's half" }
    }

    It 'fits 80 columns' { Get-GptPlugin | Get-Line | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 } }
}
