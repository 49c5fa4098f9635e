using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Unit.Formats;

/// <summary>Puts GGUF files together, rightly or wrongly; independent of the engine's own writer.</summary>
internal sealed class GgufBuilder
{
    // ggml.h, enum ggml_type.
    public const uint F32 = 0;
    public const uint F16 = 1;
    public const uint Q4K = 12;
    public const uint Q8 = 8;
    public const uint F64 = 28;
    public const uint BF16 = 30;

    // gguf.h, enum gguf_type.
    private const uint Array = 9;

    public uint Version { get; set; } = 3;

    public int Alignment { get; set; } = 32;

    /// <summary>Each value with the number of its type in front.</summary>
    public List<(string Key, byte[] Value)> Keys { get; } = [];

    /// <summary>
    /// The sizes are innermost first, as the file has them. The offset is that behind the tensor before, unless it is given.
    /// </summary>
    public List<(string Name, ulong[] Sizes, uint Type, byte[] Bytes, ulong? Offset)> Tensors { get; } = [];

    public static byte[] UInt32(uint value) => [.. Number(4), .. BitConverter.GetBytes(value)];

    public static byte[] Float(float value) => [.. Number(6), .. BitConverter.GetBytes(value)];

    public static byte[] Text(string value) => [.. Number(8), .. Counted(value)];

    public static byte[] Texts(IReadOnlyCollection<string> values) =>
        [.. Number(Array), .. Number(8), .. Count(values.Count), .. values.SelectMany(Counted)];

    public static byte[] Integers(IReadOnlyCollection<int> values) =>
        [.. Number(Array), .. Number(5), .. Count(values.Count), .. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>The GPT-2 of the fixtures, its tensors in llama.cpp's order, each stored as <paramref name="typeOf"/> says.</summary>
    public static GgufBuilder Gpt2Tiny(Func<string, uint> typeOf)
    {
        var builder = new GgufBuilder().Set("general.architecture", Text("gpt2")).Set("general.type", Text("model"))
            .Set("general.name", Text("gpt2-tiny"))
            .Set("gpt2.block_count", UInt32(3)).Set("gpt2.context_length", UInt32(32)).Set("gpt2.embedding_length", UInt32(48))
            .Set("gpt2.feed_forward_length", UInt32(192))
            .Set("gpt2.attention.head_count", UInt32(4)).Set("gpt2.attention.layer_norm_epsilon", Float(1e-5f));
        var weights = new SafetensorsReference(Fixtures.PathTo("fixtures/gpt2-tiny/model.safetensors"));
        builder.Take(weights, "wte.weight", "token_embd.weight", typeOf);
        builder.Take(weights, "wpe.weight", "position_embd.weight", typeOf);
        for (var layer = 0; layer < 3; layer++)
        {
            (string From, string To)[] names =
                [("ln_1", "attn_norm"), ("attn.c_attn", "attn_qkv"), ("attn.c_proj", "attn_output"), ("ln_2", "ffn_norm"),
                ("mlp.c_fc", "ffn_up"), ("mlp.c_proj", "ffn_down")];
            foreach (var (from, to) in names)
            {
                builder.Take(weights, $"h.{layer}.{from}.weight", $"blk.{layer}.{to}.weight", typeOf);
                builder.Take(weights, $"h.{layer}.{from}.bias", $"blk.{layer}.{to}.bias", typeOf);
            }
        }

        builder.Take(weights, "ln_f.weight", "output_norm.weight", typeOf);
        builder.Take(weights, "ln_f.bias", "output_norm.bias", typeOf);
        return builder;
    }

    /// <summary>A GPT-2 of one layer with weights of 0 for a vocabulary, small enough to be read often.</summary>
    public static GgufBuilder Empty(int vocabularySize, int channelCount = 4)
    {
        var builder = new GgufBuilder().Set("general.architecture", Text("gpt2")).Set("gpt2.context_length", UInt32(4))
            .Set("gpt2.embedding_length", UInt32((uint)channelCount))
            .Set("gpt2.block_count", UInt32(1)).Set("gpt2.attention.head_count", UInt32(1));
        (string Name, int Rows, int Columns)[] tensors =
        [
            ("token_embd.weight", vocabularySize, 1), ("position_embd.weight", 4, 1), ("output_norm.weight", 0, 1),
            ("output_norm.bias", 0, 1), ("blk.0.attn_norm.weight", 0, 1),
            ("blk.0.attn_norm.bias", 0, 1), ("blk.0.attn_qkv.weight", 3 * channelCount, 1), ("blk.0.attn_qkv.bias", 0, 3),
            ("blk.0.attn_output.weight", channelCount, 1),
            ("blk.0.attn_output.bias", 0, 1), ("blk.0.ffn_norm.weight", 0, 1), ("blk.0.ffn_norm.bias", 0, 1),
            ("blk.0.ffn_up.weight", 4 * channelCount, 1),
            ("blk.0.ffn_up.bias", 0, 4), ("blk.0.ffn_down.weight", channelCount, 4), ("blk.0.ffn_down.bias", 0, 1),
        ];
        foreach (var (name, rows, columns) in tensors)
        {
            var length = columns * channelCount;
            builder.Add(name, rows == 0 ? [(ulong)length] : [(ulong)length, (ulong)rows], F32, new byte[4 * length * Math.Max(rows, 1)]);
        }

        return builder;
    }

    /// <summary>Values as a file stores them, one at a time.</summary>
    public static byte[] Store(float[] values, uint type) => type switch
    {
        F32 => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        F16 => [.. values.SelectMany(value => BitConverter.GetBytes((Half)value))],
        BF16 => [.. values.SelectMany(value =>
            BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(PlainRounding.ToBrainFloat(value)) >> 16)))],
        F64 => [.. values.SelectMany(value => BitConverter.GetBytes((double)value))],
        Q8 => PlainRounding.ToBlocks(values),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Adds a key, or gives it another value.</summary>
    public GgufBuilder Set(string key, byte[] value)
    {
        if (Keys.FindIndex(pair => pair.Key == key) is >= 0 and var i)
            Keys[i] = (key, value);
        else
            Keys.Add((key, value));
        return this;
    }

    public GgufBuilder Without(string key)
    {
        Keys.RemoveAll(pair => pair.Key == key);
        return this;
    }

    public GgufBuilder Add(string name, ulong[] sizes, uint type, byte[] bytes)
    {
        Tensors.Add((name, sizes, type, bytes, null));
        return this;
    }

    public GgufBuilder Replace(string name, Func<(string Name, ulong[] Sizes, uint Type, byte[] Bytes, ulong? Offset),
        (string Name, ulong[] Sizes, uint Type, byte[] Bytes, ulong? Offset)> change)
    {
        var i = Tensors.FindIndex(tensor => tensor.Name == name);
        Tensors[i] = change(Tensors[i]);
        return this;
    }

    public byte[] ToBytes()
    {
        List<byte> header =
            [.. "GGUF"u8, .. Number(Version), .. Count(Tensors.Count), .. Count(Keys.Count),
            .. Keys.SelectMany(pair => Counted(pair.Key).Concat(pair.Value))];
        ulong end = 0;
        foreach (var (name, sizes, type, bytes, offset) in Tensors)
        {
            header.AddRange(
                [.. Counted(name), .. Number((uint)sizes.Length), .. sizes.SelectMany(BitConverter.GetBytes), .. Number(type),
                .. BitConverter.GetBytes(offset ?? end)]);
            end += (ulong)Padded(bytes).Length;
        }

        return [.. Padded([.. header]), .. Tensors.SelectMany(tensor => Padded(tensor.Bytes))];
    }

    public void Save(string path) => File.WriteAllBytes(path, ToBytes());

    private void Take(SafetensorsReference weights, string from, string to, Func<string, uint> typeOf)
    {
        var (shape, values) = (weights.Shape($"transformer.{from}"), weights.Floats($"transformer.{from}"));
        var isTransposed = from.Contains(".c_", StringComparison.Ordinal) && shape.Length == 2;
        if (isTransposed)
            values = [.. Enumerable.Range(0, values.Length).Select(i => values[(i % shape[0] * shape[1]) + (i / shape[0])])];
        Add(to, [.. (isTransposed ? shape : shape.Reverse()).Select(size => (ulong)size)], typeOf(to), Store(values, typeOf(to)));
    }

    private byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(Alignment - (bytes.Length % Alignment)) % Alignment]];

    private static byte[] Number(uint value) => BitConverter.GetBytes(value);

    private static byte[] Count(int value) => BitConverter.GetBytes((ulong)value);

    private static byte[] Counted(string text) => [.. Count(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];
}
