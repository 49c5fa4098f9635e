using PsGpt.Extensions;
using PsGpt.Plugins;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Unit.Extensions;

public sealed class PluginCatalogTests
{
    [Fact]
    public void Each_kind_but_the_observers_has_built_in_plug_ins()
    {
        var kinds = PluginCatalog.All.Where(plugin => plugin.IsBuiltIn).Select(plugin => plugin.Kind).Distinct();
        Assert.Equal(Enum.GetValues<PluginKind>().Except([PluginKind.StepObserver]), kinds);
    }

    [Fact]
    public void A_plug_in_is_listed_with_its_assembly_and_can_be_removed()
    {
        var plugin = PluginCatalog.Register(PluginKind.Schedule, new FlatSchedule("catalog-flat"));
        Assert.Equal(("PsGpt.Unit", false), (plugin.Source, plugin.IsBuiltIn));
        var found = PluginCatalog.Get(PluginKind.Schedule, "CATALOG-FLAT");
        Assert.Equal((plugin.Name, plugin.Kind, plugin.Source), (found.Name, found.Kind, found.Source));
        PluginCatalog.Unregister(PluginKind.Schedule, "catalog-flat");
        Assert.Equal(
            "PluginNotFound", Assert.Throws<GptException>(() => PluginCatalog.Get(PluginKind.Schedule, "catalog-flat")).ErrorId);
    }

    [Theory]
    [InlineData(PluginKind.Tokenizer)]
    [InlineData(PluginKind.Optimizer)]
    public void A_plug_in_of_the_engine_s_class_is_of_the_assembly_of_its_code(PluginKind kind)
    {
        var name = $"catalog-code-{kind}";
        IPlugin plugin = kind == PluginKind.Tokenizer
            ? new TokenizerPlugin(name, "A test.", () => TokenizerCatalog.Gpt2)
            : new OptimizerPlugin(name, "A test.", _ => throw new NotSupportedException());
        var listed = PluginCatalog.Register(kind, plugin);
        PluginCatalog.Unregister(kind, name);
        Assert.Equal(("PsGpt.Unit", false), (listed.Source, listed.IsBuiltIn));
    }

    [Fact]
    public void A_plug_in_of_another_kind_is_refused() => Assert.Equal(
        "PluginKindMismatch",
        Assert.Throws<GptException>(() => PluginCatalog.Register(PluginKind.Sampler, new FlatSchedule("no-sampler"))).ErrorId);

    [Theory]
    [InlineData(PluginKind.Schedule, false)]
    [InlineData(PluginKind.TextSplitter, true)]
    public void Plug_ins_that_files_name_without_values_have_no_parameters(PluginKind kind, bool isRefused)
    {
        var name = $"catalog-parameters-{kind}";
        IPlugin plugin = kind == PluginKind.Schedule ? new FlatSchedule(name) : new ParameterSplitter(name);
        var error = Record.Exception(() => PluginCatalog.Register(kind, plugin)) as GptException;
        PluginCatalog.All.Where(found => found.Name == name).ToList().ForEach(found => PluginCatalog.Unregister(kind, name));
        Assert.Equal(isRefused ? "PluginInvalid" : null, error?.ErrorId);
        Assert.Contains(isRefused ? "'Width'" : "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_built_in_plug_in_stays() => Assert.Equal(
        "PluginBuiltIn", Assert.Throws<GptException>(() => PluginCatalog.Unregister(PluginKind.Optimizer, "adamw")).ErrorId);

    [Fact]
    public void The_kind_of_a_class_is_known() =>
        Assert.Equal([PluginKind.Schedule], PluginCatalog.KindsOf(typeof(FlatSchedule)));

    private sealed class FlatSchedule(string name) : ILearningRateSchedule
    {
        public string Name => name;

        public string Description => "Stays.";

        public bool NeedsEnd => false;

        public IReadOnlyList<PluginParameter> Parameters { get; } = [new("Width", 1, "A test.")];

        public double FactorAt(double progress, double decayFraction) => 1;
    }

    private sealed class ParameterSplitter(string name) : IPreTokenizer
    {
        public string Name => name;

        public string Description => "Cuts nothing.";

        public IReadOnlyList<PluginParameter> Parameters => [new("Width", 1, "A test.")];

        public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd) => text.Length;
    }
}
