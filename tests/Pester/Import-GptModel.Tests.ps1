BeforeAll {
    . $PSScriptRoot/common.ps1
    $errorClass = 'PsGpt.Commands.ImportGptModelCommand'
}

Describe 'Import-GptModel' {
    It 'gives the built-in model with its tokenizer' {
        $model = Import-GptModel
        $model.Tokenizer.VocabularySize | Should -Be $model.Configuration.VocabularySize
    }

    It 'gives a fresh model each time' {
        Import-GptModel | Should -Not -Be (Import-GptModel)
    }

    Context 'files' {
        BeforeAll {
            Push-Location $TestDrive
            $tiny = New-TinyModel
            $tiny | Export-GptModel -Path folder
            $tiny | Export-GptModel -Path model.bin -Format llm.c
            $tiny | Export-GptModel -Path 'model[1].bin' -Format llm.c
            $hash = Get-WeightHash $tiny
        }

        AfterAll { Pop-Location }

        It 'reads a folder in the layout of Hugging Face' {
            $model = Import-GptModel folder
            Get-WeightHash $model | Should -Be $hash
            $model.Tokenizer.Name | Should -Be $tiny.Tokenizer.Name
        }

        It 'reads a file of llm.c' {
            Get-WeightHash (Import-GptModel -Path model.bin) | Should -Be $hash
        }

        It 'says where a folder is whose replacement was killed half way, also where its name could be one of the hub' {
            $aside = "run/tiny.$([guid]::NewGuid().ToString('N')).partial.old"
            $null = New-Item run -ItemType Directory
            $tiny | Export-GptModel run/tiny
            Move-Item run/tiny $aside
            { Import-GptModel run/tiny -ErrorAction Stop } | Should -Throw -ErrorId "PathNotFound,$errorClass" -ExpectedMessage "*$aside*"
        }

        It 'keeps the matrices in fewer bits with -DataType, by its name or that of files' {
            (Import-GptModel folder -DataType BF16).DataType | Should -Be BFloat16
            $model = Import-GptModel folder -DataType Q8_0
            $model.DataType | Should -Be Q8_0
            ($model | Measure-GptModel).WeightBytes | Should -BeLessThan ($tiny | Measure-GptModel).WeightBytes
            ($model | Invoke-GptCompletion 'the quick' -MaxTokens 3 -Seed 1).Tokens | Should -HaveCount 3
            'the quick brown fox' | Measure-GptText -Model $model | Should -HaveCount 1
        }

        It 'says what a model in fewer bits cannot do, and what to do' {
            $model = Import-GptModel folder -DataType Q8_0
            foreach ($call in { $model | Export-GptModel never }, { $model | Get-GptTensor }, { New-TinyText |
                Start-GptTraining -Model $model -Steps 1 }) {
                $problem = Get-ErrorOf $call
                $problem.FullyQualifiedErrorId | Should -BeLike 'WeightsNarrow,*'
                "$problem" | Should -BeLike '*Import-GptModel without -DataType*'
            }

            'never' | Should -Not -Exist
            foreach ($type in 'Float64', 'F16', 'Q4_0') {
                { Import-GptModel folder -DataType $type } | Should -Throw "*'$type' is no data type here. Give Float32, BFloat16, Q8_0.*"
            }
            (Get-Completion 'Import-GptModel x -DataType ').CompletionText | Should -Be 'BF16', 'BFloat16', 'F32', 'Float32', 'Q8_0'
        }

        It 'takes paths from the pipeline' {
            'folder', 'model.bin' | Import-GptModel | Should -HaveCount 2
        }

        It 'takes files from Get-ChildItem' {
            Get-ChildItem *.bin | Import-GptModel | Should -HaveCount 2
        }

        It 'resolves wildcards' {
            Import-GptModel *.bin | Should -HaveCount 2
        }

        It 'takes brackets for themselves with -LiteralPath' {
            Import-GptModel -LiteralPath 'model[1].bin' | Should -HaveCount 1
        }

        It 'completes the formats' {
            (Get-Completion 'Import-GptModel x -Format ').CompletionText | Should -Be 'gguf', 'huggingface', 'llm.c'
        }

        It 'says <Id> (<Category>) for <Name>' -TestCases @(
            @{ Name = 'missing'; Id = 'PathNotFound'; Category = 'ObjectNotFound' }
            @{ Name = 'empty'; Id = 'FileEmpty'; Category = 'InvalidData' }
            @{ Name = 'foreign'; Id = 'FormatUnknown'; Category = 'InvalidData' }
            @{ Name = 'truncated'; Id = 'ModelFileTruncated'; Category = 'InvalidData' }
            @{ Name = 'oversized'; Id = 'ModelFileOversized'; Category = 'InvalidData' }
            @{ Name = 'version'; Id = 'ModelVersionUnknown'; Category = 'NotImplemented' }
            @{ Name = 'sizes'; Id = 'ModelHeaderInvalid'; Category = 'InvalidData' }
            @{ Name = 'emptyfolder'; Id = 'FormatUnknown'; Category = 'InvalidData' }
            @{ Name = 'noweights'; Id = 'ModelFileMissing'; Category = 'ObjectNotFound' }
            @{ Name = 'otherarchitecture'; Id = 'ArchitectureUnknown'; Category = 'NotImplemented' }
            @{ Name = 'brokengguf'; Id = 'GgufInvalid'; Category = 'InvalidData' }
            @{ Name = 'pieces'; Id = 'ModelFileTruncated'; Category = 'InvalidData' }
        ) {
            $bytes = [System.IO.File]::ReadAllBytes("$TestDrive/model.bin")
            $path = Join-Path $TestDrive $Name
            switch ($Name) {
                empty { $null = New-Item $path }
                foreign { Set-Content $path 'This is no model.' }
                truncated { [System.IO.File]::WriteAllBytes($path, $bytes[0..($bytes.Length - 2)]) }
                oversized { [System.IO.File]::WriteAllBytes($path, $bytes + [byte] 0) }
                version { $bytes[4] = 99; [System.IO.File]::WriteAllBytes($path, $bytes) }
                sizes { $bytes[16] = 0; [System.IO.File]::WriteAllBytes($path, $bytes) }
                emptyfolder { $null = New-Item $path -ItemType Directory }
                noweights { Copy-Item folder $path -Recurse; Remove-Item $path/model.safetensors }
                { $_ -in 'otherarchitecture', 'brokengguf' } {
                    Import-GptModel | Export-GptModel $path -Format gguf
                    $gguf = [System.IO.File]::ReadAllBytes($path)
                    # The second letter of the architecture; the lowest byte of the number of keys, which are read as tensors then.
                    $gguf[$Name -eq 'brokengguf' ? 16 : 65] = 1
                    [System.IO.File]::WriteAllBytes($path, $gguf)
                }
                pieces {
                    Copy-Item folder $path -Recurse
                    $weights = [System.IO.File]::ReadAllBytes("$path/model.safetensors")
                    [System.IO.File]::WriteAllBytes("$path/model.safetensors", $weights[0..($weights.Length / 2)])
                }
            }
            $records = @(Get-ErrorOf { Import-GptModel -LiteralPath $path })
            $records | Should -HaveCount 1
            $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
            $records[0].CategoryInfo.Category | Should -Be $Category
        }

        It 'serves the next file after a broken one' {
            Set-Content broken.txt 'This is no model.'
            'broken.txt', 'model.bin' | Import-GptModel -ErrorAction Ignore | Should -HaveCount 1
        }

        It 'refuses a format that it does not know and lists those it does' {
            $record = Get-ErrorOf { Import-GptModel model.bin -Format nope }
            $record.FullyQualifiedErrorId | Should -Be "PluginNotFound,$errorClass"
            $record.Exception.Message | Should -Match 'gguf, huggingface, llm.c'
        }
    }
}
