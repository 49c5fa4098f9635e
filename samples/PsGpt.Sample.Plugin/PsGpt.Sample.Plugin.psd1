@{
    RootModule           = 'PsGpt.Sample.Plugin.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '7d6f7a0c-5a0f-4c53-9d5e-0b6a4b0f2c11'
    Author               = 'Your name'
    Description          = 'Plug-ins for PsGpt, one of each kind.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    RequiredModules      = @('PsGpt')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    AliasesToExport      = @()
}
