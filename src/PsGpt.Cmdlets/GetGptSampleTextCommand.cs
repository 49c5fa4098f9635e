using System.Management.Automation;
using PsGpt.Samples;

namespace PsGpt.Commands;

/// <summary>Makes small stories to train on, each a string; as many as asked for, one after the other.</summary>
[Cmdlet(VerbsCommon.Get, "GptSampleText")]
[OutputType(typeof(string))]
public sealed class GetGptSampleTextCommand : GptCmdlet
{
    /// <summary>How many stories.</summary>
    [Parameter(Position = 0)]
    [WholeNumber(0)]
    public int Count { get; set; } = 1;

    /// <summary>The same seed gives the same stories on every machine.</summary>
    [Parameter]
    [SeedTransformation]
    public ulong Seed { get; set; }

    /// <summary>The world in which they take place.</summary>
    [Parameter]
    public SampleTheme Theme { get; set; } = SampleTheme.Forest;

    /// <inheritdoc/>
    protected override void End()
    {
        foreach (var story in SampleText.Generate(Count, Seed, Theme))
            WriteObject(story);
    }
}
