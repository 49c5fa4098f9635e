using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

public sealed class HuggingFaceMutationTests
{
    private const string Weights = "model.safetensors";

    [Theory]
    [InlineData(WeightDataType.Float32)]
    [InlineData(WeightDataType.Float16)]
    [InlineData(WeightDataType.BFloat16)]
    public void Mutated_safetensors_end_in_a_model_or_a_clear_error(WeightDataType dataType)
    {
        var files = Write(dataType);
        var whole = files[Weights];
        MutationTests.MutatePart(whole, bytes => Read(files, Weights, bytes), 2);

        // With the length that the header then has, or none of them would be looked into.
        var (header, buffer) = Split(whole);
        MutationTests.MutatePart(header, json => Read(files, Weights, Join(json, buffer)), 2);
    }

    [Fact]
    public void A_mutated_index_of_shards_ends_in_a_model_or_a_clear_error()
    {
        var files = Write(WeightDataType.Float32);
        var names = TakeApart(files);
        var map = string.Join(",", names.Select((name, i) => $"\"{name}\":\"part{i % 2}.safetensors\""));
        files["model.safetensors.index.json"] =
            Encoding.UTF8.GetBytes($"{{\"metadata\":{{\"total_size\":1296}},\"weight_map\":{{{map}}}}}");
        MutationTests.Mutate(files["model.safetensors.index.json"], bytes => Read(files, "model.safetensors.index.json", bytes));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    public void Mutated_side_files_end_in_a_model_or_a_clear_error(string name)
    {
        var files = Write(WeightDataType.Float32, CharacterTrainer.Train(["abc é\n"]));
        MutationTests.Mutate(files[name], bytes => Read(files, name, bytes));
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void Mutated_vocabularies_end_in_a_model_or_a_clear_error(string name)
    {
        var trainer = new BytePairTrainer();
        trainer.Add("to be or not to be");
        var files = Write(WeightDataType.Float32, trainer.Train(260));
        if (name != "tokenizer.json")
        {
            var model = JsonNode.Parse(files["tokenizer.json"])!["model"]!;
            files["vocab.json"] = Encoding.UTF8.GetBytes(model["vocab"]!.ToJsonString());
            files["merges.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', model["merges"]!.AsArray().Select(merge => (string)merge!)));
            files.Remove("tokenizer.json");
        }

        MutationTests.Mutate(files[name], bytes => Read(files, name, bytes));
    }

    private static MemoryFiles Write(WeightDataType dataType, Tokenizer? tokenizer = null)
    {
        var files = new MemoryFiles();
        using var model =
            ModelInitializer.Create(MutationTests.TinyModel with { VocabularySize = Math.Max(20, tokenizer?.VocabularySize ?? 0) },
            tokenizer, seed: 1);
        HuggingFaceFormat.Write(model, files, dataType, progress: null, CancellationToken.None);
        return files;
    }

    private static void Read(MemoryFiles files, string name, byte[] content)
    {
        files[name] = content;
        HuggingFaceFormat.Read(files, "model", new ModelReadOptions(), CancellationToken.None).Dispose();
    }

    /// <summary>Puts every other tensor into a file of its own.</summary>
    private static string[] TakeApart(MemoryFiles files)
    {
        var (header, buffer) = Split(files[Weights]);
        var tensors = JsonNode.Parse(header)!.AsObject().Where(tensor => tensor.Key != "__metadata__").ToArray();
        for (var part = 0; part < 2; part++)
        {
            var (json, bytes) = (new JsonObject(), new List<byte>());
            foreach (var (name, tensor) in tensors.Where((_, i) => i % 2 == part))
            {
                var (begin, end) = ((int)tensor!["data_offsets"]![0]!, (int)tensor["data_offsets"]![1]!);
                var entry = tensor.DeepClone();
                entry["data_offsets"] = new JsonArray(bytes.Count, bytes.Count + end - begin);
                json[name] = entry;
                bytes.AddRange(buffer[begin..end]);
            }

            files[$"part{part}.safetensors"] = Join(Encoding.UTF8.GetBytes(json.ToJsonString()), [.. bytes]);
        }

        files.Remove(Weights);
        return [.. tensors.Select(tensor => tensor.Key)];
    }

    private static (byte[] Header, byte[] Buffer) Split(byte[] file)
    {
        var end = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return (file[8..end], file[end..]);
    }

    private static byte[] Join(byte[] header, byte[] buffer) => [.. BitConverter.GetBytes((long)header.Length), .. header, .. buffer];
}
