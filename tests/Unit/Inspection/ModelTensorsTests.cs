using PsGpt.Formats;
using PsGpt.Inspection;
using PsGpt.Model;

namespace PsGpt.Unit.Inspection;

public sealed class ModelTensorsTests
{
    /// <summary>A vocabulary of 100 tokens is padded to 128 rows, which is also the number of channels here.</summary>
    [Fact]
    public void The_padding_of_the_vocabulary_is_hidden_and_nothing_else()
    {
        using var model = ModelInitializer.Create(
            new() { VocabularySize = 100, ContextLength = 128, LayerCount = 1, HeadCount = 2, ChannelCount = 128, HasTiedHead = false },
            null, seed: 1);
        var sizes = ModelTensors.Stacked(model).Concat(ModelTensors.PerLayer(model))
            .ToLookup(tensor => tensor.Name, tensor => tensor.Shape[0]);
        foreach (var name in new[] { "wte", "wte.weight", "lmheadw", "lm_head.weight" })
            Assert.Equal([100], sizes[name]);
        foreach (var name in new[] { "wpe", "wpe.weight", "lnfw", "lnfb", "ln_f.weight", "h.0.ln_1.weight" })
            Assert.Equal([128], sizes[name]);
    }

    /// <summary>The file that transformers wrote has the same names, shapes and values.</summary>
    [FixtureFact]
    public void Tensors_by_the_names_of_Hugging_Face_are_those_of_its_file()
    {
        var path = Fixtures.PathTo("fixtures/gpt2-tiny");
        var file = new SafetensorsReference(Path.Join(path, "model.safetensors"));
        using var model = ModelFile.Read(path);
        var tensors = ModelTensors.PerLayer(model).ToArray();
        foreach (var tensor in tensors)
        {
            Assert.Equal(file.Shape($"transformer.{tensor.Name}"), tensor.Shape);
            Assert.Equal(file.Floats($"transformer.{tensor.Name}"), tensor.ToArray());
        }

        Assert.Equal(4 + (12 * model.Configuration.LayerCount), tensors.Length);
    }

    [Fact]
    public void Axes_have_names_where_their_places_mean_something()
    {
        using var model = ModelInitializer.Create(
            new() { VocabularySize = 9, ContextLength = 8, LayerCount = 2, HeadCount = 1, ChannelCount = 4 }, null, seed: 1);
        var stacked = ModelTensors.Stacked(model).ToDictionary(tensor => tensor.Name);
        Assert.Equal("vocabulary", stacked["wte"].NameOf(0));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8"], stacked["wte"].LabelsOf(0)!);
        Assert.Equal("position", stacked["wpe"].NameOf(0));
        Assert.Equal("layer", stacked["qkvw"].NameOf(0));
        var one = ModelTensors.PerLayer(model).Single(tensor => tensor.Name == "h.1.attn.c_attn.weight");
        Assert.Null(one.NameOf(0));
        Assert.Equal("4 x 12", $"{one.Shape}");
    }
}
