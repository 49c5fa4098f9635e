BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'New-GptTensor' {
    It 'takes lists within lists, and gives rows, values and slices by index' {
        $t = New-GptTensor (1, 2, 3), (4, 5, 6)
        $t.Shape -join ',' | Should -Be '2,3'
        $t[1].ToArray() | Should -Be 4, 5, 6
        $t[1, 2] | Should -Be 6
        $t['0..1', 0].ToArray() | Should -Be 1, 4
        $t[(0..1), -1].ToArray() | Should -Be 3, 6
        $t[0, 1] = 1.5
        $t[1] = 0
        $t.ToArray() | Should -Be 1, 1.5, 3, 0, 0, 0
    }

    It 'fills a shape with one number, and cuts a list into rows' {
        (New-GptTensor 2 -Shape 2, 2).ToArray() | Should -Be 2, 2, 2, 2
        (New-GptTensor (1..6) -Shape 2, 3)[1].ToArray() | Should -Be 4, 5, 6
        (Get-ErrorOf { New-GptTensor (1..5) -Shape 2, 3 }).FullyQualifiedErrorId |
            Should -Be 'TensorShapeInvalid,PsGpt.Commands.NewGptTensorCommand'
    }

    It 'says where a slice leaves the tensor' {
        $t = New-GptTensor (1, 2, 3)
        { $t.Slice('1..5') } | Should -Throw "*axis 0, which has 3 places*"
    }

    It 'says where an index leaves the tensor in strict mode, and gives nothing without it, as arrays do' {
        Set-StrictMode -Off
        $t = New-GptTensor (1, 2, 3)
        $t['1..5'] | Should -BeNullOrEmpty
        Set-StrictMode -Version 3
        { $t['1..5'] } | Should -Throw '*axis 0, which has 3 places*'
        { $t[7] = 1 } | Should -Throw '*there is no place 7*'
    }

    It 'is compared by its values' {
        $t = New-GptTensor (1, 2, 3)
        $other = $t.Copy()
        Compare-Object $t $other | Should -BeNullOrEmpty
        $other[2] = 4
        (Compare-Object $t $other).SideIndicator | Should -Be '=>', '<='
        (Compare-Object $t.ToArray() $other.ToArray()).InputObject | Should -Be 4, 3
        $z, $a = (New-GptTensor 1 -Name z), (New-GptTensor 2 -Name a)
        ($z, $a | Sort-Object).Name | Should -Be 'a', 'z'
    }

    It 'goes to JSON, CSV and a table of 80 columns' {
        $t = New-GptTensor (1, 2, 3), (4, 5, 6) -Name mine
        ($t | ConvertTo-Json | ConvertFrom-Json).Shape | Should -Be 2, 3
        ($t | ConvertTo-Csv | ConvertFrom-Csv).Shape | Should -Be '2 x 3'
        $t | Get-Line | Where-Object { $_ -match 'mine' } | Should -Match '^mine +2 x 3 +3\.5 +9\.539 1 2 3 4 5 6$'
        ($t, $t | Measure-Object Mean -Sum).Sum | Should -Be 7
    }
}

Describe 'Get-GptTensor and Set-GptTensor' {
    BeforeEach {
        $model = New-TinyModel
    }

    It 'lists the weights by llm.c''s names' {
        $names = 'wte wpe ln1w ln1b qkvw qkvb attprojw attprojb ln2w ln2b fcw fcb fcprojw fcprojb lnfw lnfb'
        ($model | Get-GptTensor).Name -join ' ' | Should -Be $names
        ($model | Get-GptTensor wte).Shape[0] | Should -Be $model.Configuration.VocabularySize
    }

    It 'knows Hugging Face''s names, with its matrices (in, out)' {
        $tensors = $model | Get-GptTensor 'h.0.attn.*'
        $tensors.Name -join ' ' | Should -Be 'h.0.attn.c_attn.weight h.0.attn.c_attn.bias h.0.attn.c_proj.weight h.0.attn.c_proj.bias'
        "$($tensors[0].Shape)" | Should -Be '16 48'
        $tensors[0][3, 40] | Should -Be ($model | Get-GptTensor qkvw)[0, 40, 3]
        ($model | Get-GptTensor transformer.wte.weight).Name | Should -Be 'wte.weight'
    }

    It 'changes the model through a view, and not with -WhatIf' {
        $before = Get-WeightHash $model
        $model | Get-GptTensor qkvw | Set-GptTensor 0 -WhatIf
        Get-WeightHash $model | Should -Be $before
        $model | Get-GptTensor 'h.0.mlp.c_fc.weight' | Set-GptTensor 0
        ($model | Get-GptTensor fcw).ZeroShare | Should -Be 1
        Get-WeightHash $model | Should -Not -Be $before
    }

    It 'reports a freed model, and shows it in a table' {
        $view = $model | Get-GptTensor wte
        $model.Dispose()
        $view | Get-Line | Where-Object { $_ -match '^wte' } | Should -Match '\(freed\)$'
        { $view.ToArray() } | Should -Throw '*has been freed*'
        { $view[0, 0] = 1 } | Should -Throw '*has been freed*'
        foreach ($script in { $model | Get-GptTensor }, { $model | Get-GptTensor 'h.*' }, { $view | Set-GptTensor 0 }) {
            (Get-ErrorOf $script).FullyQualifiedErrorId | Should -BeLike 'ObjectDisposed,*'
        }
    }

    It 'adds the same noise for the same seed' {
        $one, $two = (New-GptTensor 0 -Shape 100), (New-GptTensor 0 -Shape 100)
        $one, $two | Set-GptTensor -Noise 0.5 -Seed 3
        $one.StandardDeviation | Should -BeGreaterThan 0.4
        $one.ToArray()[0] | Should -Not -Be 0
        $one = New-GptTensor 0 -Shape 100 | Set-GptTensor -Noise 0.5 -Seed 3 -PassThru
        $again = New-GptTensor 0 -Shape 100 | Set-GptTensor -Noise 0.5 -Seed 3 -PassThru
        $one.ToArray() | Should -Be $again.ToArray()
    }

    It 'names the nearest tensors where a name matches nothing, and serves the next name' {
        $problem = Get-ErrorOf { $script:found = $model | Get-GptTensor qkw, wte }
        $problem.FullyQualifiedErrorId | Should -Be 'TensorNotFound,PsGpt.Commands.GetGptTensorCommand'
        "$problem" | Should -Match 'nearest names are qkvw'
        $found.Name | Should -Be 'wte'
    }

    It 'shows the moments of the optimizer after a step' {
        (Get-ErrorOf { $model | Get-GptTensor -Moment }).FullyQualifiedErrorId |
            Should -Be 'TensorNotFound,PsGpt.Commands.GetGptTensorCommand'
        New-TinyText | ConvertTo-GptTokens -Model $model | New-GptBatch -BatchSize 2 -SequenceLength 16 |
            Select-Object -First 1 | Invoke-GptTrainingStep -Model $model | Out-Null
        ($model | Get-GptTensor 'adamw.m/qkvw' -Moment).Norm | Should -BeGreaterThan 0
        ($model | Get-GptTensor qkvw -Moment).Name | Should -Be 'adamw.m/qkvw', 'adamw.v/qkvw'
        $layer = $model | Get-GptTensor 'h.0.attn.c_attn.weight', 'adamw.v/ln_f.*' -Moment
        $layer.Name[0..1] | Should -Be 'adamw.m/h.0.attn.c_attn.weight', 'adamw.v/h.0.attn.c_attn.weight'
        $layer.Name[2..3] | Should -Be 'adamw.v/ln_f.weight', 'adamw.v/ln_f.bias'
        $layer[0][3, 40] | Should -Be ($model | Get-GptTensor adamw.m/qkvw -Moment)[0, 40, 3]
    }
}

Describe 'Invoke-GptOperator' {
    It 'repeats the worked numbers of a notebook' {
        (Invoke-GptOperator encoder -Tensor @{ inp = , @(1); wte = (0, 1), (2, 3); wpe = , (4, 5) }).ToArray() | Should -Be 6, 8
        $tensors = Invoke-GptOperator attention @{ inp = (1, 2, 3, 4, 5, 6, 7, 8, 9), (10, 11, 12, 13, 14, 15, 16, 17, 18) }
        ($tensors | Where-Object Name -EQ preatt).ToArray() | Should -Be ([float[]](18.475208, 0, 96.417496, 267.89053))
        ($tensors | Where-Object Name -EQ att).ToArray() | Should -Be 1, 0, 0, 1
    }

    It 'takes tensors of another operator' {
        $out = Invoke-GptOperator residual @{ inp1 = (1, 2), (3, 4); inp2 = 0.5, 0.5 | ForEach-Object { , (1, 1) } }
        (Invoke-GptOperator gelu @{ inp = $out }).Shape -join ',' | Should -Be '2,2'
    }

    It 'says what the operator takes' {
        (Get-GptOperator).Name | Should -Contain 'layernorm'
        $problem = Get-ErrorOf { Invoke-GptOperator matmul @{ inp = 1, 2 } }
        $problem.FullyQualifiedErrorId | Should -Be 'OperatorInputInvalid,PsGpt.Commands.InvokeGptOperatorCommand'
        (Get-Completion 'Invoke-GptOperator at').CompletionText | Should -Be 'attention'
    }
}
