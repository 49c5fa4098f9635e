BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/hub.ps1
    $errorClass = 'PsGpt.Commands.ImportGptModelCommand'
    Push-Location $TestDrive
    $names = 'HF_ENDPOINT', 'HF_HOME', 'HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_TOKEN', 'HF_TOKEN_PATH', 'HUGGING_FACE_HUB_TOKEN',
        'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_HUB_DISABLE_SYMLINKS', 'HF_HUB_DOWNLOAD_TIMEOUT'
    $old = @{}
    $names | ForEach-Object { $old[$_] = [Environment]::GetEnvironmentVariable($_); [Environment]::SetEnvironmentVariable($_, $null) }
    $tiny = New-TinyModel
    $tiny | Export-GptModel -Path source
    $hash = Get-WeightHash $tiny
}

AfterAll {
    $names | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $old[$_]) }
    Pop-Location
}

Describe 'Import-GptModel from the hub' {
    BeforeEach {
        $hub = Start-FakeHub source
        $env:HF_HOME = "$TestDrive/$(New-Guid)"
    }

    AfterEach {
        Stop-FakeHub $hub
        $env:HF_HUB_OFFLINE = $null
        Remove-Item owner, distilgpt2, gpt2 -Recurse -ErrorAction Ignore
    }

    It 'downloads a model and gives it the name of its repository' {
        $model = Import-GptModel owner/tiny
        Get-WeightHash $model | Should -Be $hash
        $model.Name | Should -Be 'owner/tiny'
        $model.Tokenizer.Name | Should -Be $tiny.Tokenizer.Name
        Test-Path "$env:HF_HOME/hub/models--owner--tiny/snapshots/$($hub.Commit)/model.safetensors" | Should -BeTrue
    }

    It 'reads it from the cache the next time' {
        $null = Import-GptModel owner/tiny
        $null = Get-HubRequest $hub
        Get-WeightHash (Import-GptModel owner/tiny) | Should -Be $hash
        Get-HubRequest $hub | Should -Be 'HEAD config.json'
    }

    It 'is kept for the next call of a cmdlet that only reads it' {
        $cache = [PsGpt.Commands.ModelTransformationAttribute].Assembly.GetType('PsGpt.Commands.ModelPathCache')
        $entries = $cache.GetField('Entries', 'Static, NonPublic').GetValue($null)
        $first = "$(Invoke-GptCompletion the -Model owner/tiny -MaxTokens 4 -Temperature 0)"
        $kept = @($entries)[0].Value.Model
        $kept.Name | Should -Be 'owner/tiny'
        $null = Get-HubRequest $hub
        "$(Invoke-GptCompletion the -Model owner/tiny -MaxTokens 4 -Temperature 0)" | Should -Be $first
        [object]::ReferenceEquals(@($entries)[0].Value.Model, $kept) | Should -BeTrue
        Get-HubRequest $hub | Should -Be 'HEAD config.json'
        [object]::ReferenceEquals((Import-GptModel owner/tiny), $kept) | Should -BeFalse

        # What changes in the cache is read again.
        $configuration = "$env:HF_HOME/hub/models--owner--tiny/snapshots/$($hub.Commit)/config.json"
        $text = Get-Content $configuration -Raw
        Remove-Item $configuration
        Set-Content $configuration "$text " -NoNewline
        $null = Invoke-GptCompletion the -Model owner/tiny -MaxTokens 4
        [object]::ReferenceEquals(@($entries)[0].Value.Model, $kept) | Should -BeFalse
    }

    It 'takes what Get-GptCachedModel gives, as it is there' {
        $null = Import-GptModel owner/tiny
        $null = Get-HubRequest $hub
        $model = Get-GptCachedModel | Import-GptModel
        $model.Name | Should -Be 'owner/tiny'
        Get-WeightHash $model | Should -Be $hash
        Import-GptModel (Get-GptCachedModel), (Get-GptCachedModel) | Should -HaveCount 2
        (Get-GptCachedModel | Measure-GptModel).Name | Should -Be 'owner/tiny'
        Invoke-GptCompletion the -Model (Get-GptCachedModel) -MaxTokens 4 | Should -HaveCount 1
        Get-HubRequest $hub | Should -HaveCount 0
    }

    It 'asks nothing for a commit that is there' {
        $null = Import-GptModel owner/tiny
        $null = Get-HubRequest $hub
        Import-GptModel owner/tiny -Revision $hub.Commit | Should -HaveCount 1
        Import-GptModel "owner/tiny@$($hub.Commit)" | Should -HaveCount 1
        Get-HubRequest $hub | Should -HaveCount 0
    }

    It 'takes names from the pipeline' {
        'owner/tiny', 'source' | Import-GptModel | ForEach-Object Name | Should -Be 'owner/tiny', 'source'
    }

    It 'finds the hub from any location' {
        Push-Location Env:
        try { Import-GptModel owner/tiny | Should -HaveCount 1 } finally { Pop-Location }
    }

    It 'lets a folder of that name win, and says how to get the other' {
        $null = New-Item owner -ItemType Directory
        Copy-Item source owner/tiny -Recurse
        Import-GptModel owner/tiny | ForEach-Object Name | Should -Be 'tiny'
        Get-HubRequest $hub | Should -HaveCount 0
        Import-GptModel -Name owner/tiny | ForEach-Object Name | Should -Be 'owner/tiny'

        $record = Get-ErrorOf { Import-GptModel owner/tiny -Revision main }
        $record.FullyQualifiedErrorId | Should -Be "RevisionOfPath,$errorClass"
        $record.CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'knows <Name> without an owner' -TestCases @(
        @{ Name = 'gpt2' }, @{ Name = 'gpt2-medium' }, @{ Name = 'gpt2-large' }, @{ Name = 'gpt2-xl' }, @{ Name = 'distilgpt2' }
    ) {
        $hub.Repository = $Name
        Import-GptModel $Name | ForEach-Object Name | Should -Be $Name
    }

    It 'takes <Text> for a path' -TestCases @(
        @{ Text = './gpt2' }, @{ Text = '../gpt2' }, @{ Text = 'modle' }, @{ Text = 'models/tiny.safetensors' }, @{ Text = 'a/b/c' }
    ) {
        $record = @(Get-ErrorOf { Import-GptModel $Text })
        $record | Should -HaveCount 1
        $record[0].FullyQualifiedErrorId | Should -Be "PathNotFound,$errorClass"
        $record[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $record[0].Exception.Message | Should -Match 'owner/name'
        Get-HubRequest $hub | Should -HaveCount 0
    }

    It 'says what it did with -Verbose' {
        $text = (Import-GptModel owner/tiny -Verbose 4>&1) -join "`n"
        $text | Should -Match "'owner/tiny' is no file or folder here"
        $text | Should -Match "commit $($hub.Commit) of $($hub.Address)"
    }

    It 'warns when the hub is away and takes the copy' {
        $null = Import-GptModel owner/tiny
        $hub.Status = 503
        $model = Import-GptModel owner/tiny -WarningVariable warnings -WarningAction SilentlyContinue
        $model.Name | Should -Be 'owner/tiny'
        "$warnings" | Should -Match 'copy .* in the cache'
    }

    It 'needs no network with HF_HUB_OFFLINE, and says what is missing' {
        $env:HF_HUB_OFFLINE = '1'
        $record = Get-ErrorOf { Import-GptModel owner/tiny }
        $record.FullyQualifiedErrorId | Should -Be "HubOffline,$errorClass"
        $record.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $env:HF_HUB_OFFLINE = $null
        $null = Import-GptModel owner/tiny
        $null = Get-HubRequest $hub
        $env:HF_HUB_OFFLINE = '1'
        Import-GptModel owner/tiny -WarningAction Stop | Should -HaveCount 1
        Get-HubRequest $hub | Should -HaveCount 0
    }

    It 'says <Id> (<Category>) for <Case>' -TestCases @(
        @{ Case = 'an unknown model'; Arguments = @{ Path = 'owner/other' }; Id = 'HubModelNotFound'; Category = 'ObjectNotFound' }
        @{ Case = 'a closed model'; Arguments = @{ Path = 'owner/tiny' }
           Status = 403; Id = 'HubAccessDenied'; Category = 'PermissionDenied' }
        @{ Case = 'a strange answer'; Arguments = @{ Path = 'owner/tiny' }
           Status = 418; Id = 'HubResponseInvalid'; Category = 'InvalidData' }
        @{ Case = 'a wrong name'; Arguments = @{ Name = '../tiny' }; Id = 'HubNameInvalid'; Category = 'InvalidArgument' }
        @{ Case = 'a wrong revision'; Arguments = @{ Name = 'owner/tiny'; Revision = '..' }
           Id = 'HubRevisionInvalid'; Category = 'InvalidArgument' }
    ) {
        $hub.Status = $Status ?? 0
        $records = @(Get-ErrorOf { Import-GptModel @Arguments })
        $records | Should -HaveCount 1
        $records[0].FullyQualifiedErrorId | Should -Be "$Id,$errorClass"
        $records[0].CategoryInfo.Category | Should -Be $Category
        if ($Arguments.Path) { $records[0].Exception.Message | Should -BeLike "'$($Arguments.Path)' is no file or folder here*" }
    }

    It 'serves the next model after one that is not there' {
        'owner/other', 'owner/tiny' | Import-GptModel -ErrorAction Ignore | Should -HaveCount 1
    }

    Context 'a slow hub' {
        BeforeEach {
            # The last bytes trickle: a test that waits in vain ends, too.
            $hub.HoldAfter = $hub.Files['model.safetensors'].Length - 500
            $env:HF_HUB_DOWNLOAD_TIMEOUT = '86400'
            $module = (Get-Module PsGpt).Path
            $shell = [powershell]::Create().AddScript("Import-Module '$module'; Import-GptModel owner/tiny")
            $running = $shell.BeginInvoke()
            $null = $hub.Started.WaitOne()
        }

        AfterEach {
            $env:HF_HUB_DOWNLOAD_TIMEOUT = $null
            $shell.Dispose()
        }

        It 'shows how far it is' {
            while (-not $running.AsyncWaitHandle.WaitOne(20) -and -not $shell.Streams.Progress.Count) { }
            $null = $hub.Go.Set()
            $shell.EndInvoke($running) | Should -HaveCount 1
            $shell.Streams.Progress[0].Activity | Should -Be 'Downloading owner/tiny: model.safetensors'
            $shell.Streams.Progress[0].StatusDescription | Should -Match '^0 of 0 MB$'
            $shell.Streams.Progress[-1].RecordType | Should -Be 'Completed'
        }

        It 'is stopped by Ctrl+C and keeps what has come' {
            $incomplete = "$env:HF_HOME/hub/models--owner--tiny/blobs/*.incomplete"
            while (-not $running.AsyncWaitHandle.WaitOne(20) -and -not (Get-Item $incomplete).Length) { }
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            (Get-Item $incomplete).Length | Should -BeGreaterThan 0
            $hub.HoldAfter = 0
            Get-WeightHash (Import-GptModel owner/tiny) | Should -Be $hash
        }
    }

    It 'completes files, the GPT-2 family, and what the cache has' {
        $null = Import-GptModel owner/tiny
        $words = (Get-Completion 'Import-GptModel ').ListItemText
        $words | Should -Contain 'source'
        $words | Should -Contain 'gpt2-medium'
        $words | Should -Contain 'owner/tiny'
        (Get-Completion 'Import-GptModel own').CompletionText | Should -Be 'owner/tiny'
        (Get-Completion "Import-GptModel -Name 'GPT2-m").CompletionText | Should -Be "'gpt2-medium'"
        (Get-Completion 'Import-GptModel -Name sou').ListItemText | Should -Not -Contain 'owner/tiny'
    }
}
