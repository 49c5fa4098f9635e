using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Whatever a file was turned into, reading it ends in a model or in an error that a user can act on.</summary>
public sealed class MutationTests : IDisposable
{
    private static readonly GptConfiguration Tiny = new() { VocabularySize = 20, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    // More with the environment variable PSGPT_MUTATIONS.
    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("PSGPT_MUTATIONS"), out var count) ? count : 1000;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void Mutated_directories_end_in_a_model_or_a_clear_error(string name)
    {
        using (var model = ModelInitializer.Create(Tiny with { VocabularySize = 260 }, Tokenizer(name), seed: 1))
            ModelFile.Write(model, folder["model"], "huggingface");
        Arrange(name);
        Mutate(Path.Combine(folder["model"], name), folder["model"]);
    }

    [Theory]
    [InlineData(WeightDataType.Float32)]
    [InlineData(WeightDataType.BFloat16)]
    public void Mutated_files_of_llm_c_end_in_a_model_or_a_clear_error(WeightDataType dataType)
    {
        using (var model = ModelInitializer.Create(Tiny, null, seed: 1))
            ModelFile.Write(model, folder["model.bin"], "llm.c", dataType);
        Mutate(folder["model.bin"], folder["model.bin"]);
    }

    [Theory]
    [InlineData(WeightDataType.Float32)]
    [InlineData(WeightDataType.Q8_0)]
    public void Mutated_GGUF_files_end_in_a_model_or_a_clear_error(WeightDataType dataType)
    {
        using (var model = ModelInitializer.Create(Tiny with { VocabularySize = 260, ChannelCount = 32 }, Tokenizer("gguf"), seed: 1))
            ModelFile.Write(model, folder["model"], "gguf", dataType);
        var whole = File.ReadAllBytes(folder["model"]);
        Mutate(whole, bytes => GgufFormat.Read(new MemoryBytes(bytes), "model", progress: null, CancellationToken.None).Dispose());
    }

    private static Tokenizer Tokenizer(string name)
    {
        if (name == "tokenizer.json")
            return CharacterTokenizer.Train(["abc é\n"]);
        var trainer = new BytePairTrainer();
        trainer.Add("to be or not to be");
        return trainer.Train(260);
    }

    /// <summary>Lays the files so that the one in question is read.</summary>
    private void Arrange(string name)
    {
        string PathOf(string file) => Path.Combine(folder["model"], file);
        if (name == "model.safetensors.index.json")
        {
            File.Move(PathOf("model.safetensors"), PathOf("part1.safetensors"));
            var names = SafetensorsBuilder.From(PathOf("part1.safetensors")).Tensors.Select(tensor => $"\"{tensor.Name}\":\"part1.safetensors\"");
            File.WriteAllText(PathOf(name), $"{{\"weight_map\":{{{string.Join(",", names)}}}}}");
        }
        else if (name is "vocab.json" or "merges.txt")
        {
            var model = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(PathOf("tokenizer.json")))!["model"]!;
            File.WriteAllText(PathOf("vocab.json"), model["vocab"]!.ToJsonString());
            File.WriteAllLines(PathOf("merges.txt"), model["merges"]!.AsArray().Select(merge => (string)merge!));
            File.Delete(PathOf("tokenizer.json"));
        }
    }

    /// <summary>Reads many mutations of a file: each must end well or in an error that a user can act on.</summary>
    internal static void Mutate(byte[] whole, Action<byte[]> read)
    {
        var random = new RandomStream(12);
        var errors = 0;
        for (var i = 0; i < Count; i++)
        {
            try
            {
                read(Mutate([.. whole], random));
            }
            catch (GptException)
            {
                errors++;
            }
        }

        // Had the mutations changed nothing that matters, nothing would have been tested.
        Assert.InRange(errors, Count / 10, Count);
    }

    private static void Mutate(string file, string modelPath)
    {
        ModelFile.Read(modelPath).Dispose();
        Mutate(File.ReadAllBytes(file), bytes =>
        {
            File.WriteAllBytes(file, bytes);
            ModelFile.Read(modelPath).Dispose();
        });
    }

    private static byte[] Mutate(byte[] bytes, RandomStream random)
    {
        // Most of the meaning is at the start; a GGUF file has its tensors behind its vocabulary.
        var place = random.NextInt32(Math.Min(bytes.Length, random.NextInt32(5) switch { 0 or 1 => 64, 2 or 3 => 2000, _ => 8000 }));
        switch (random.NextInt32(6))
        {
            case 0:
                return bytes[..place];
            case 1:
                return [.. bytes[..place], .. bytes[(place + 1)..]];
            case 2:
                bytes[place] ^= (byte)(1 << random.NextInt32(8));
                return bytes;
            case 3:
                return [.. bytes[..place], .. "999999999999"u8[..(1 + random.NextInt32(12))], .. bytes[place..]];
            case 4:
                // A part comes twice: names, offsets, lines.
                var end = place + random.NextInt32(Math.Min(200, bytes.Length - place)) + 1;
                return [.. bytes[..end], .. bytes[place..end], .. bytes[end..]];
            default:
                int[] extremes = [-1, 0, int.MaxValue, int.MinValue, 1 << 24];
                BitConverter.TryWriteBytes(bytes.AsSpan(Math.Min(place & ~3, bytes.Length - 4)), extremes[random.NextInt32(extremes.Length)]);
                return bytes;
        }
    }
}
