using System.Text.Json.Nodes;
using PsGpt.Formats;
using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Unit.Formats;

/// <summary>A safetensors file that is named itself, not the directory that holds it.</summary>
public sealed class LoneSafetensorsTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 20, ContextLength = 4, LayerCount = 2, HeadCount = 2, ChannelCount = 6 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void With_config_json_beside_it_is_the_directory()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 1);
        ModelFile.Write(model, folder["tiny"], "huggingface");
        using var read = ModelFile.Read(folder["tiny/model.safetensors"]);
        AssertSame(model, read);
        Assert.Equal("tiny", read.Name);
        File.Move(folder["tiny/model.safetensors"], folder["tiny/best.safetensors"]);
        using var other = ModelFile.Read(folder["tiny/best.safetensors"]);
        AssertSame(model, other);
        Assert.Equal("best", other.Name);
    }

    [Fact]
    public void A_shard_brings_the_others()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 1);
        ModelFile.Write(model, folder["tiny"], "huggingface");
        var whole = SafetensorsBuilder.From(folder["tiny/model.safetensors"]);
        var map = new JsonObject();
        for (var part = 0; part < 2; part++)
        {
            var shard = new SafetensorsBuilder();
            shard.Tensors.AddRange(whole.Tensors.Where((_, i) => i % 2 == part));
            shard.Save(folder[$"tiny/part{part}.safetensors"]);
            foreach (var tensor in shard.Tensors)
                map[tensor.Name] = $"part{part}.safetensors";
        }

        File.Delete(folder["tiny/model.safetensors"]);
        File.WriteAllText(folder["tiny/model.safetensors.index.json"], new JsonObject { ["weight_map"] = map }.ToJsonString());
        using var read = ModelFile.Read(folder["tiny/part1.safetensors"]);
        AssertSame(model, read);
    }

    [Fact]
    public void Without_config_json_it_says_what_is_missing()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 1);
        ModelFile.Write(model, folder["tiny"], "huggingface");
        File.Delete(folder["tiny/config.json"]);
        var error = Assert.Throws<GptException>(() => ModelFile.Read(folder["tiny/model.safetensors"]));
        Assert.Equal(("ConfigurationFileMissing", GptErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains("{\"vocab_size\": 20, \"n_positions\": 4, \"n_embd\": 6, \"n_layer\": 2, \"n_head\": …", error.Message,
            StringComparison.Ordinal);
        new SafetensorsBuilder().Add("other", "F32", [1], new byte[4]).Save(folder["tiny/model.safetensors"]);
        Assert.Equal("ConfigurationFileMissing",
            Assert.Throws<GptException>(() => ModelFile.Read(folder["tiny/model.safetensors"])).ErrorId);
    }

    [FixtureFact]
    public void The_state_of_gpt_py_needs_none()
    {
        using var expected = ModelFile.Read(Fixtures.PathTo("fixtures/gptpy-tiny"));
        File.Copy(Fixtures.PathTo("fixtures/gptpy-tiny/model.safetensors"), folder["gpt.safetensors"]);
        using var read = ModelFile.Read(folder["gpt.safetensors"]);
        AssertSame(expected, read);
    }

    /// <summary>Its linear layers are (out, in), and its names are not GPT-2's.</summary>
    [Fact]
    public void The_state_of_nanoGPT_needs_its_own_arguments_alone()
    {
        var configuration = Tiny with { HasBias = false, Activation = ActivationFunction.GeluErf, Dropout = 0.25f };
        using var model = ModelInitializer.Create(configuration, null, seed: 1);
        ModelFile.Write(model, folder["tiny"], "huggingface");
        var file = SafetensorsBuilder.From(folder["tiny/model.safetensors"]);
        for (var i = 0; i < file.Tensors.Count; i++)
        {
            if (file.Tensors[i].Name.Contains(".c_", StringComparison.Ordinal))
                file.Tensors[i] = Transposed(file.Tensors[i]);
        }

        file.Save(folder["tiny/model.safetensors"]);
        File.WriteAllText(folder["tiny/config.json"],
            """{"n_layer": 2, "n_head": 2, "n_embd": 6, "block_size": 4, "bias": false, "vocab_size": 20, "dropout": 0.25}""");
        using var read = ModelFile.Read(folder["tiny"]);
        AssertSame(model, read);
    }

    /// <summary>
    /// <c>torch.compile</c> puts a prefix before all names. Of the two names of a tied matrix <c>save_model</c> keeps one.
    /// </summary>
    [Theory]
    [InlineData("", "_orig_mod.")]
    [InlineData("transformer.wte.weight", "lm_head.weight")]
    [InlineData("transformer.wte.weight", "_orig_mod.lm_head.weight")]
    public void A_state_as_PyTorch_may_name_it(string name, string newName)
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 1);
        ModelFile.Write(model, folder["tiny"], "huggingface");
        var file = SafetensorsBuilder.From(folder["tiny/model.safetensors"]);
        file.Rename(old => name.Length == 0 ? newName + old : old == name ? newName : old).Save(folder["tiny/model.safetensors"]);
        using var read = ModelFile.Read(folder["tiny"]);
        AssertSame(model, read);
    }

    private static (string Name, string Type, long[] Shape,
        byte[] Bytes) Transposed((string Name, string Type, long[] Shape, byte[] Bytes) tensor)
    {
        var (rows, columns) = ((int)tensor.Shape[0], (int)tensor.Shape[1]);
        var bytes = new byte[tensor.Bytes.Length];
        for (var i = 0; i < rows * columns; i++)
            tensor.Bytes.AsSpan(4 * i, 4).CopyTo(bytes.AsSpan(4 * ((i % columns * rows) + (i / columns))));
        return (tensor.Name, tensor.Type, [columns, rows], bytes);
    }

    private static void AssertSame(GptModel expected, GptModel actual)
    {
        Assert.Equal(expected.Configuration, actual.Configuration);
        foreach (var (left, right) in expected.Weights.Tensors.Zip(actual.Weights.Tensors))
            Assert.Equal(left.Span.ToArray(), right.Span.ToArray());
    }
}
