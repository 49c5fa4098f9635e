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

    It 'fits 80 columns' { Get-GptPlugin | Get-Line | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 } }
}
