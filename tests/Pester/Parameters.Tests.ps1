BeforeDiscovery {
    . $PSScriptRoot/common.ps1

    # The numbers among the parameters of all cmdlets.
    $numbers = foreach ($command in Get-Command -Module PsGpt -CommandType Cmdlet) {
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NE OutBuffer) {
            $type = $parameter.ParameterType.IsArray ? $parameter.ParameterType.GetElementType() : $parameter.ParameterType
            $type = [Nullable]::GetUnderlyingType($type) ?? $type
            if ($type -in [int], [long], [uint], [ulong], [float], [double]) {
                @{
                    Cmdlet = $command.Name; Parameter = $parameter.Name; IsWhole = $type -notin [float], [double]
                    IsSeed = $type -eq [ulong]
                }
            }
        }
    }
    $models = Get-Command -Module PsGpt -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('Model') } |
        ForEach-Object { @{ Cmdlet = $_.Name } }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $ErrorActionPreference = 'Continue'

    # Named arguments are bound before anything that is missing is asked for.
    function Get-MessageFor($Value) {
        $arguments = @{ $Parameter = $Value }
        "$(Get-ErrorOf { & $Cmdlet @arguments })"
    }
}

Describe 'Numbers of <Cmdlet> -<Parameter>' -ForEach $numbers {
    It 'are numbers' {
        Get-MessageFor 'many' | Should -BeLike "*'many' is no *"
        Get-MessageFor $true | Should -BeLike "*'True' is no *"
    }

    It 'have no comma, which PowerShell would leave out' {
        Get-MessageFor '0,5' | Should -BeLike "*'0,5' is no *"
    }
}

Describe 'Whole numbers of <Cmdlet> -<Parameter>' -ForEach $numbers.Where({ $_.IsWhole }) {
    It 'are not rounded' {
        Get-MessageFor 1.5 | Should -BeLike "*'1.5' is no *"
    }

    It 'are not too large' {
        Get-MessageFor '1e300' | Should -Match "1e300' is no seed|1e300 is too large"
    }
}

Describe '<Cmdlet> -<Parameter>' -ForEach $numbers.Where({ $_.IsSeed }) {
    It 'is not negative' {
        Get-MessageFor -1 | Should -BeLike "*'-1' is no seed*"
    }
}

Describe 'Numbers' {
    It 'are read the same in every culture' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            foreach ($name in 'de-DE', 'tr-TR', 'en-US') {
                [cultureinfo]::CurrentCulture = $name
                (New-GptModel -LayerCount '1' -HeadCount 1 -ChannelCount 8 -ContextLength 8 -Dropout '0.25').Configuration.Dropout |
                    Should -Be 0.25
            }
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'name their limits' {
        "$(Get-ErrorOf { New-GptTokenizer a -VocabularySize 5 })" | Should -BeLike '*5 is too small. Give 257 or more.*'
        "$(Get-ErrorOf { New-GptTokenizer a -VocabularySize 99999999 })" | Should -BeLike '*99999999 is too large. Give 1048576 or less.*'
        "$(Get-ErrorOf { Start-GptTraining -Steps 0 })" | Should -BeLike '*0 is too small. Give 1 or more.*'
        "$(Get-ErrorOf { New-GptTensor -Shape 2, 0 })" | Should -BeLike '*0 is too small. Give 1 or more.*'
    }

    It 'are numbers where they have limits' {
        "$(Get-ErrorOf { Set-GptTensor -Noise ([double]::NaN) })" | Should -BeLike "*'NaN' is no number*"
    }

    It 'that are null are not given' {
        $completion = Invoke-GptCompletion Once -MaxTokens $null -TopK $null -Seed 1 -Temperature $null
        $completion.Text | Should -Be (Invoke-GptCompletion Once -Seed 1).Text
    }
}

Describe '<Cmdlet> -Model' -ForEach $models {
    It 'takes a path or a name' {
        # The path is looked for, so a model of that path would be read.
        "$(Get-ErrorOf { & $Cmdlet -Model ./nothing/there })" | Should -BeLike "*'./nothing/there'*"
    }
}
