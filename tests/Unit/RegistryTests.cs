using PsGpt.Plugins;

namespace PsGpt.Unit;

public sealed class RegistryTests
{
    private sealed record Fruit(string Name) : IPlugin
    {
        public string Description => "A fruit.";
    }

    [Fact]
    public void Names_are_found_without_regard_to_case()
    {
        var registry = new Registry<Fruit>("fruit");
        var apple = new Fruit("Apple");
        registry.Register(apple);
        Assert.Same(apple, registry.Get("aPPLE"));
    }

    [Fact]
    public void Registering_the_same_object_again_is_silent_and_another_of_that_name_is_refused()
    {
        var registry = new Registry<Fruit>("fruit");
        var apple = new Fruit("apple");
        registry.Register(apple);
        registry.Register(apple);
        var error = Assert.Throws<GptException>(() => registry.Register(new Fruit("APPLE")));
        Assert.Equal("PluginNameTaken", error.ErrorId);
        Assert.Same(apple, Assert.Single(registry.All));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
    {
        var registry = new Registry<Fruit>("fruit");
        registry.Register(new Fruit("pear"));
        var error = Assert.Throws<GptException>(() => registry.Get("plum"));
        Assert.Equal(("PluginNotFound", GptErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains("pear", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unregistered_name_is_free_again()
    {
        var registry = new Registry<Fruit>("fruit");
        registry.Register(new Fruit("pear"));
        Assert.True(registry.Unregister("Pear"));
        Assert.Null(registry.Find("pear"));
    }
}
