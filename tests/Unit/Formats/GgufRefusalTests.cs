using PsGpt.Formats;

namespace PsGpt.Unit.Formats;

/// <summary>Files that are broken, foreign, or out to take all memory: each is refused with what is wrong.</summary>
public sealed class GgufRefusalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_file_that_all_others_are_made_from_is_whole()
    {
        GgufBuilder.Empty(20).Save(folder["model"]);
        using var model = ModelFile.Read(folder["model"]);
        Assert.Equal((20, 4, 1, 1, 4),
            (model.Configuration.VocabularySize, model.Configuration.ContextLength, model.Configuration.LayerCount,
            model.Configuration.HeadCount, model.Configuration.ChannelCount));
    }

    [Fact]
    public void What_is_no_GPT_2_is_named()
    {
        Refused("ArchitectureUnknown", "'llama'", file => file.Set("general.architecture", GgufBuilder.Text("llama")));
        Refused("ArchitectureUnknown", "architecture", file => file.Without("general.architecture"));
        Refused("ArchitectureUnknown", "4 parts", file => file.Set("split.count", [2, 0, 0, 0, 4, 0]));
        Refused(
            "ArchitectureUnknown", "4 parts", file => file.Without("general.architecture").Set("split.count", [2, 0, 0, 0, 4, 0]));
        Refused("ArchitectureUnknown", "adapter (LoRA)", file => file.Set("general.type", GgufBuilder.Text("adapter")));
        Refused("TensorShapeMismatch", "'gpt2.feed_forward_length' to 32",
            file => file.Set("gpt2.feed_forward_length", GgufBuilder.UInt32(32)));
        Refused("ArchitectureUnknown", "head_count_kv", file => file.Set("gpt2.attention.head_count_kv", GgufBuilder.UInt32(2)));
        Refused("ModelVersionUnknown", "version 1", file => file.Version = 1);
        Refused("ModelVersionUnknown", "version 4", file => file.Version = 4);
        Refused("ModelVersionUnknown", "big-endian", file => file.Version = 0x03000000);
    }

    [Fact]
    public void Keys_that_describe_no_model_are_refused()
    {
        Refused("ConfigurationFileInvalid", "gpt2.context_length", file => file.Without("gpt2.context_length"));
        Refused("ConfigurationFileInvalid", "head count 3", file => file.Set("gpt2.attention.head_count", GgufBuilder.UInt32(3)));
        Refused("ConfigurationFileInvalid", "epsilon", file => file.Set("gpt2.attention.layer_norm_epsilon", GgufBuilder.Float(float.NaN)));
        Refused("GgufInvalid", "4294967295", file => file.Set("gpt2.block_count", GgufBuilder.UInt32(uint.MaxValue)));
        Refused("GgufInvalid", "Float32", file => file.Set("gpt2.block_count", GgufBuilder.Float(1)));
        Refused("GgufInvalid", "an array", file => file.Set("gpt2.block_count", GgufBuilder.Integers([1])));
        Refused("GgufInvalid", "UInt32", file => file.Set("general.architecture", GgufBuilder.UInt32(1)));
        Refused("GgufInvalid", "alignment is 0", file => file.Set("general.alignment", GgufBuilder.UInt32(0)));
        Refused("GgufInvalid", "type 13", file => file.Set("x", [13, 0, 0, 0, 1]));
        byte[] nested = [9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        Refused("GgufInvalid", "nested", file => file.Set("x", [9, 0, 0, 0, .. Enumerable.Repeat(nested, 10).SelectMany(level => level)]));
        Refused("GgufInvalid", "twice", file => file.Keys.Add(file.Keys[0]));

        // Sizes that the weights do not have, before memory is taken for them.
        Refused("TensorShapeMismatch", "gpt2.context_length", file => file.Set("gpt2.context_length", GgufBuilder.UInt32(1 << 20)));
        Refused("TensorShapeMismatch", "gpt2.embedding_length", file => file.Set("gpt2.embedding_length", GgufBuilder.UInt32(65536)));
        Refused("TensorShapeMismatch", "gpt2.block_count", file => file.Set("gpt2.block_count", GgufBuilder.UInt32(2)));
    }

    [Fact]
    public void Numbers_of_every_size_are_the_same_number()
    {
        foreach (var value in new byte[][] { [0, 0, 0, 0, 4], [1, 0, 0, 0, 4], [2, 0, 0, 0, 4, 0], [3, 0, 0, 0, 4, 0],
            [5, 0, 0, 0, 4, 0, 0, 0], [10, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0], [11, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0] })
        {
            GgufBuilder.Empty(20).Set("gpt2.context_length", value)
                .Set("gpt2.attention.layer_norm_epsilon", [12, 0, 0, 0, .. BitConverter.GetBytes(1e-6)]).Save(folder["model"]);
            using var model = ModelFile.Read(folder["model"]);
            Assert.Equal((4, 1e-6f), (model.Configuration.ContextLength, model.Configuration.LayerNormEpsilon));
        }

        Refused("GgufInvalid", "9223372036854775807",
            file => file.Set("gpt2.context_length", [11, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 127]));
    }

    [Fact]
    public void Tensors_that_cannot_be_are_refused()
    {
        const string Name = "blk.0.ffn_up.weight";
        Refused("TensorMissing", Name, file => file.Replace(Name, tensor => tensor with { Name = "rope_freqs.weight" }));
        Refused("TensorUnexpected", "blk.0.ffn_gate.weight",
            file => file.Add("blk.0.ffn_gate.weight", [4, 16], GgufBuilder.F32, new byte[256]));
        Refused("TensorShapeMismatch", "(4, 16)", file => file.Replace(Name, tensor => tensor with { Sizes = [16, 4] }));
        Refused("TensorDataTypeUnsupported", "Q4_K", file => file.Replace(Name, tensor => tensor with { Type = GgufBuilder.Q4K }));
        Refused("TensorDataTypeUnsupported", "type 4000000000", file => file.Replace(Name, tensor => tensor with { Type = 4_000_000_000 }));
        Refused("GgufInvalid", "blocks of 32", file => file.Replace(Name, tensor => tensor with { Type = GgufBuilder.Q8 }));
        Refused("GgufInvalid", "5 sizes", file => file.Replace(Name, tensor => tensor with { Sizes = [4, 16, 1, 1, 1] }));
        Refused("GgufInvalid", "than any file", file => file.Replace(Name, tensor => tensor with { Sizes = [1UL << 32, 1UL << 32] }));
        Refused("GgufInvalid", "than any file",
            file => file.Replace(Name, tensor => tensor with { Sizes = [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue] }));
        Refused("GgufInvalid", "than any file", file => file.Replace(Name, tensor => tensor with { Sizes = [0, ulong.MaxValue] }));
        Refused("ModelFileTruncated", "there are", file => file.Replace(Name, tensor => tensor with { Sizes = [0, 16] }));
        Refused("GgufInvalid", "twice", file => file.Replace(Name, tensor => tensor with { Name = "blk.0.attn_output.weight" }));
        Refused("GgufInvalid", "share bytes", file => file.Replace(Name, tensor => tensor with { Offset = 32 }));
        Refused("GgufInvalid", "multiple of 32", file => file.Replace(Name, tensor => tensor with { Offset = 33 }));
        Refused("ModelFileTruncated", Name, file => file.Replace(Name, tensor => tensor with { Offset = 1 << 20 }));
        Refused("ModelFileTruncated", Name, file => file.Replace(Name, tensor => tensor with { Offset = ulong.MaxValue - 31 }));
        Refused("ModelFileTruncated", Name, file => file.Replace(Name, tensor => tensor with { Offset = (1UL << 63) - 32 }));
    }

    [Fact]
    public void Claims_of_more_than_there_is_cost_nothing()
    {
        var whole = GgufBuilder.Empty(20).ToBytes();
        foreach (var place in new[] { 8, 16, 24 })
        {
            foreach (var claim in new[] { ulong.MaxValue, 1UL << 62, 1UL << 40, 1UL << 32, 1UL << 31, 60_000UL })
            {
                var bytes = (byte[])whole.Clone();
                BitConverter.TryWriteBytes(bytes.AsSpan(place), claim);
                AssertCheap(bytes);
            }
        }

        // Texts and lists that claim to be longer than the file.
        foreach (var type in new byte[] { 0, 4, 8, 10 })
        {
            foreach (var claim in new[] { ulong.MaxValue, 1UL << 61, 1UL << 40, 1UL << 31 })
            {
                byte[] value = [9, 0, 0, 0, type, 0, 0, 0, .. BitConverter.GetBytes(claim)];
                AssertCheap(GgufBuilder.Empty(20).Set("x", value).ToBytes());
                AssertCheap(GgufBuilder.Empty(20).Set("tokenizer.ggml.model", GgufBuilder.Text("gpt2")).Set("tokenizer.ggml.tokens", value)
                    .ToBytes());
                AssertCheap(GgufBuilder.Empty(20).Set("x", [8, 0, 0, 0, .. BitConverter.GetBytes(claim)]).ToBytes());
            }
        }

        AssertCheap(GgufBuilder.Empty(20).Set("general.architecture", GgufBuilder.Text(new string('a', 70_000))).ToBytes());
        AssertCheap(GgufBuilder.Empty(20).Set("general.alignment", GgufBuilder.UInt32(int.MaxValue)).ToBytes());
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_refused()
    {
        // Up to the last tensor's last value; what follows is padding.
        var whole = GgufBuilder.Empty(20).ToBytes();
        for (var length = 4; length < whole.Length - 16; length += 7)
        {
            File.WriteAllBytes(folder["model"], whole[..length]);
            Assert.Equal("ModelFileTruncated", Assert.Throws<GptException>(() => ModelFile.Read(folder["model"])).ErrorId);
        }
    }

    [Fact]
    public void Another_file_is_not_read_as_GGUF()
    {
        File.WriteAllText(folder["model"], "GGML, or something else");
        Assert.Equal("ModelFileWrongMagic", Assert.Throws<GptException>(() => ModelFile.Read(folder["model"], "gguf")).ErrorId);
    }

    private void AssertCheap(byte[] bytes)
    {
        File.WriteAllBytes(folder["model"], bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(Assert.Throws<GptException>(() => ModelFile.Read(folder["model"])).ErrorId,
            new[] { "GgufInvalid", "ModelFileTruncated" });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private void Refused(string id, string word, Action<GgufBuilder> change)
    {
        var file = GgufBuilder.Empty(20);
        change(file);
        file.Save(folder["model"]);
        var error = Assert.Throws<GptException>(() => ModelFile.Read(folder["model"]));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.Contains("model'", error.Message, StringComparison.Ordinal);
    }
}
