using System.Runtime.InteropServices;
using System.Text;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>The many ways in which other programs write the same model.</summary>
public sealed class HuggingFaceDirectoryTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 20, ContextLength = 4, LayerCount = 2, HeadCount = 2, ChannelCount = 6 };

    private readonly TemporaryFolder folder = new();
    private readonly GptModel model = ModelInitializer.Create(Tiny, CharacterTrainer.Train(["abc"]), seed: 1);

    public HuggingFaceDirectoryTests() => ModelFile.Write(model, folder["model"], "huggingface");

    private string Weights => Path.Combine(folder["model"], "model.safetensors");

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Names_need_no_prefix()
    {
        SafetensorsBuilder.From(Weights).Rename(name => name.Replace("transformer.", "", StringComparison.Ordinal)).Save(Weights);
        AssertLoads();
    }

    [Fact]
    public void Masks_heads_of_other_tasks_and_a_copy_of_a_tied_head_are_passed_over()
    {
        var file = SafetensorsBuilder.From(Weights);
        file.Tensors.Insert(0, ("transformer.h.0.attn.bias", "U8", [1, 1, 4, 4], new byte[16]));
        file.Tensors.Insert(5, ("transformer.h.1.attn.masked_bias", "F32", [], new byte[4]));
        file.Add("lm_head.weight", "F32", [20, 6], file.Tensors.First(tensor => tensor.Name == "transformer.wte.weight").Bytes)
            .Add("score.weight", "I64", [1], new byte[8]).Save(Weights);
        AssertLoads();
    }

    [Fact]
    public void Weights_of_64_bits_are_rounded()
    {
        var file = SafetensorsBuilder.From(Weights);
        file.Replace("transformer.h.1.attn.c_attn.weight", tensor => tensor with
        {
            Type = "F64",
            Bytes = MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray().Select(value => value * (1 + 1e-12))
                .ToArray().AsSpan()).ToArray(),
        }).Save(Weights);
        AssertLoads();
    }

    [Fact]
    public void Shards_are_one_model()
    {
        var whole = SafetensorsBuilder.From(Weights).Tensors;
        File.Delete(Weights);
        var map = new StringBuilder();
        for (var shard = 0; shard < 3; shard++)
        {
            var part = new SafetensorsBuilder();
            part.Tensors.AddRange(whole.Where((_, i) => i % 3 == shard));
            part.Save(Path.Combine(folder["model"], $"part{shard}.safetensors"));
            map.AppendJoin("", part.Tensors.Select(tensor => $",\"{tensor.Name}\":\"part{shard}.safetensors\""));
        }

        File.WriteAllText(Path.Combine(folder["model"], "model.safetensors.index.json"),
            $"{{\"metadata\":{{}},\"weight_map\":{{{map.ToString()[1..]}}}}}");
        AssertLoads();
        File.Delete(Path.Combine(folder["model"], "part1.safetensors"));
        Assert.Equal("ModelFileMissing", ErrorOf());
    }

    [Theory]
    [InlineData("{\"weight_map\":{\"a\":\"../model/part\"}}")]
    [InlineData("{\"weight_map\":{\"a\":\"..\"}}")]
    [InlineData("{\"weight_map\":{\"a\":\"\"}}")]
    [InlineData("{\"weight_map\":{\"a\":7}}")]
    [InlineData("{\"weight_map\":[]}")]
    [InlineData("{}")]
    public void An_index_that_leads_nowhere_is_refused(string index)
    {
        File.Move(Weights, Path.Combine(folder["model"], "part"));
        File.WriteAllText(Path.Combine(folder["model"], "model.safetensors.index.json"), index);
        Assert.Equal("WeightIndexInvalid", ErrorOf());
    }

    [Fact]
    public void A_mask_beside_the_weights_is_passed_over()
    {
        var file = SafetensorsBuilder.From(Weights);
        file.Tensors.Insert(3, ("transformer.h.0.attn.bias", "BOOL", [1, 1, 300, 300], new byte[90000]));
        file.Save(Weights);
        using var read = ModelFile.Read(folder["model"]);
        AssertSame(read);
    }

    [Fact]
    public void The_built_in_model_loads_each_time_anew()
    {
        using var first = BuiltInModel.Load();
        using var second = BuiltInModel.Load();
        Assert.NotNull(first.Tokenizer);
        Assert.All(first.Weights.Tensors, tensor => Assert.True(float.IsFinite(tensor.Span.ToArray().Sum())));
        first.Weights["wte"].Span.Clear();
        Assert.NotEqual(0, second.Weights["wte"].Span[0]);
    }

    [Fact]
    public void A_byte_order_mark_in_front_of_the_configuration_is_passed_over()
    {
        var path = Path.Combine(folder["model"], "config.json");
        File.WriteAllText(path, File.ReadAllText(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        AssertLoads();
    }

    [Fact]
    public void Reading_stops_when_it_is_asked_to() =>
        Assert.Throws<OperationCanceledException>(() =>
            ModelFile.Read(folder["model"], cancellationToken: new CancellationToken(canceled: true)));

    private string ErrorOf() => Assert.Throws<GptException>(() => ModelFile.Read(folder["model"])).ErrorId;

    private void AssertLoads()
    {
        using var read = ModelFile.Read(folder["model"]);
        AssertSame(read);
    }

    private void AssertSame(GptModel read)
    {
        Assert.Equal(model.Configuration, read.Configuration);
        Assert.Equal(model.Tokenizer!.Name, read.Tokenizer!.Name);
        foreach (var (expected, actual) in model.Weights.Tensors.Zip(read.Weights.Tensors))
            Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
    }
}
