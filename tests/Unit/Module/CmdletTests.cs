using System.Management.Automation;
using PsGpt.Data;

namespace PsGpt.Unit.Module;

/// <summary>Cmdlets in this process, where a debugger sees them; the suite proper is tests/Pester.</summary>
public sealed class CmdletTests
{
    [Fact]
    public void Objects_of_the_engine_flow_through_a_pipeline()
    {
        using var shell = Start("$input | ConvertTo-GptTokens | New-GptBatch -BatchSize 1 -SequenceLength 2 -WarningAction Ignore");
        var batch = Assert.IsType<TokenBatch>(Assert.Single(shell.Invoke(new[] { "hello world!" })).BaseObject);
        Assert.Equal([31373, 995], batch.Inputs);
        Assert.Equal([995, 0], batch.Targets);
        Assert.Equal("gpt2", batch.TokenizerName);
    }

    [Fact]
    public void An_exception_of_the_engine_is_one_error_record()
    {
        using var shell = Start("New-GptModel -HeadCount 3 -ChannelCount 16");
        Assert.Empty(shell.Invoke());
        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal("ConfigurationInvalid,PsGpt.Commands.NewGptModelCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.IsType<GptException>(error.Exception);
    }

    private static PowerShell Start(string script)
    {
        var shell = PowerShell.Create();
        shell.AddCommand("Import-Module").AddParameter("Name", Repository.PathTo("output/PsGpt")).Invoke();
        shell.Commands.Clear();
        return shell.AddScript(script);
    }
}
