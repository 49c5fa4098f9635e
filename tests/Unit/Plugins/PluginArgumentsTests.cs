using PsGpt.Plugins;

namespace PsGpt.Unit.Plugins;

public sealed class PluginArgumentsTests
{
    private sealed class Knobs() : NamedPlugin("knobs", "Has parameters.")
    {
        public static Knobs New() => new()
        {
            Parameters = [new("Strength", 0.5f, "How strong."), new("Deep", false, "Whether."), new("Count", 3, "How many.")],
        };
    }

    [Fact]
    public void A_value_has_the_type_of_its_default_and_the_others_keep_theirs()
    {
        var arguments = new PluginArguments(Knobs.New(), [new("strength", "1.25"), new("DEEP", "True"), new("Other", "x")]);
        Assert.Equal(
            (1.25f, true, 3), (arguments.Get<float>("Strength"), arguments.Get<bool>("Deep"), arguments.Get<int>("Count")));
    }

    [Theory]
    [InlineData("Strenth", "1", "PluginParameterUnknown")]
    [InlineData("Count", "1.5", "PluginParameterInvalid")]
    [InlineData("Count", "99999999999", "PluginParameterInvalid")]
    [InlineData("Deep", "maybe", "PluginParameterInvalid")]
    public void A_wrong_name_or_value_is_an_error(string name, string value, string id)
    {
        var error = Assert.Throws<GptException>(() => PluginArguments.Require([new(name, value)], Knobs.New()));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_comes_with_the_names_that_there_are()
    {
        var one = new Knobs { Parameters = [new("Count", 3, "How many.")] };
        Assert.EndsWith("Use one of: Count.", Message(one), StringComparison.Ordinal);
        Assert.EndsWith("Use one of: Strength, Deep, Count.", Message(Knobs.New()), StringComparison.Ordinal);
        Assert.EndsWith("They have none.", Message(new Knobs()), StringComparison.Ordinal);

        static string Message(Knobs plugin) =>
            Assert.Throws<GptException>(() => PluginArguments.Require([new("Other", "1")], plugin)).Message;
    }

    [Fact]
    public void A_parameter_that_was_not_declared_cannot_be_asked_for() =>
        Assert.Throws<ArgumentException>(() => PluginArguments.None.Get<int>("Count"));
}
