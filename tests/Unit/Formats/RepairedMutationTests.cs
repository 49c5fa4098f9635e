using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PsGpt.Formats;
using PsGpt.Formats.Gguf;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Llmc;
using PsGpt.Formats.TokenFiles;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tensors;
using PsGpt.Tokenization;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Mutations of values, around which lengths, counts and offsets are made right again: a reader that only checks those gets past them.
/// </summary>
public sealed partial class RepairedMutationTests
{
    // A file that a mutated header asks for is made where it is no larger.
    private const long LargestFile = 1 << 18;

    [Fact]
    public void Values_of_a_gguf_file()
    {
        var (builder, _) = NewGguf();
        var lengths = builder.Keys.Select(key => key.Value.Length).ToArray();
        MutationTests.MutateRepaired([.. builder.Keys.SelectMany(key => key.Value)], bytes =>
        {
            var (mutated, start) = (NewGguf().Builder, 0);
            for (var i = 0; i < lengths.Length; i++)
            {
                var end = i == lengths.Length - 1 ? bytes.Length : Math.Min(bytes.Length, start + lengths[i]);
                mutated.Keys[i] = (mutated.Keys[i].Key, bytes[Math.Min(start, end)..end]);
                start = end;
            }

            return mutated.ToBytes();
        }, ReadGguf);
    }

    [Fact]
    public void Tensors_of_a_gguf_file()
    {
        // Two sizes and the type of each.
        const int Row = 20;
        var (builder, table) = NewGguf();
        MutationTests.MutateRepaired(table, bytes =>
        {
            var mutated = NewGguf().Builder;
            for (var i = 0; i < builder.Tensors.Count && (i + 1) * Row <= bytes.Length; i++)
            {
                var row = bytes.AsSpan(i * Row, Row);
                ulong[] sizes = [BitConverter.ToUInt64(row), BitConverter.ToUInt64(row[8..])];
                var type = BitConverter.ToUInt32(row[16..]);
                var length = (UInt128)sizes[0] * sizes[1] * (
                    type is GgufBuilder.F16 or GgufBuilder.BF16 ? 2U : type == GgufBuilder.F64 ? 8U : 4U);
                var content = length <= LargestFile / 32 ? new byte[(int)length] : builder.Tensors[i].Bytes;
                mutated.Tensors[i] = mutated.Tensors[i] with { Sizes = sizes[1] == 1 ? [sizes[0]] : sizes, Type = type, Bytes = content };
            }

            return mutated.ToBytes();
        }, ReadGguf);
    }

    [Fact]
    public void Tensors_of_a_safetensors_file()
    {
        var files = new MemoryFiles();
        using (var model = ModelInitializer.Create(MutationTests.TinyModel, null, seed: 1))
            HuggingFaceFormat.Write(model, files, WeightDataType.Float32, progress: null, CancellationToken.None);
        var whole = files["model.safetensors"];
        var header = Encoding.UTF8.GetString(whole, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(whole));
        MutationTests.MutateRepaired(Encoding.UTF8.GetBytes(Offsets().Replace(header, "\"data_offsets\":[]")), bytes =>
        {
            // The offsets follow the shapes again, and the file has the length that they say.
            long end = 0;
            var json = Tensor().Replace(Encoding.Latin1.GetString(bytes), tensor =>
            {
                var begin = end;
                end += LengthOf(tensor.Groups["shape"].Value, tensor.Groups["type"].Value);
                return string.Create(
                    CultureInfo.InvariantCulture, $"{tensor.Groups["before"].Value}\"data_offsets\":[{begin},{end}]");
            });
            var text = Encoding.Latin1.GetBytes(json);
            return [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[Math.Min(end, LargestFile)]];
        }, bytes =>
        {
            files["model.safetensors"] = bytes;
            HuggingFaceFormat.Read(files, "model", new ModelReadOptions(), CancellationToken.None).Dispose();
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_header_of_a_model_of_llmc(int version)
    {
        var rows = version == 1 ? MutationTests.TinyModel.VocabularySize : MutationTests.TinyModel.PaddedVocabularySize;
        var header = new LlmcHeader(version, MutationTests.TinyModel, rows).ToBytes();
        MutationTests.MutateRepaired(header[..40], bytes =>
        {
            byte[] start = [.. bytes.Take(40), .. new byte[LlmcHeader.Length - Math.Min(bytes.Length, 40)]];
            var file = new byte[LengthOf(start)];
            start.CopyTo(file, 0);
            return file;
        }, ReadLlmc, parts: 3);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(null, 4)]
    [InlineData("npy", 2)]
    [InlineData("npy", 4)]
    public void Tokens_behind_a_header_with_the_right_count(string? format, int tokenSize)
    {
        byte[] body = [.. Enumerable.Range(0, 100 * tokenSize).Select(i => (byte)(i % tokenSize == 0 ? i / tokenSize : 0))];
        MutationTests.MutateRepaired(body, bytes =>
        {
            var count = bytes.Length / tokenSize;
            var header = format is null ? new LlmcTokenHeader(tokenSize, count).ToBytes() : NumpyTokenHeader.ToBytes(tokenSize, count);
            return [.. header, .. bytes.AsSpan(0, count * tokenSize)];
        }, bytes => ReadTokens(bytes, format), parts: 4);
    }

    [Fact]
    public void The_header_of_a_numpy_array_with_the_right_length()
    {
        var text = "{'descr': '<u2', 'fortran_order': False, 'shape': (100,), }\n"u8.ToArray();
        MutationTests.MutateRepaired(
            text,
            bytes => [0x93, .. "NUMPY"u8, 1, 0, (byte)bytes.Length, (byte)(bytes.Length >> 8), .. bytes, .. new byte[200]],
            bytes => ReadTokens(bytes, format: null));
    }

    [Fact]
    public void Tokens_of_a_tokenizer_of_llmc_with_the_right_count()
    {
        using var folder = new TemporaryFolder();
        var trainer = new BytePairTrainer();
        foreach (var story in SampleText.Generate(20, 1, SampleTheme.Forest))
            trainer.Add(story);
        var whole = new TokenizerFileBuilder(trainer.Train(300)).Llmc(2);
        MutationTests.MutateRepaired(whole[1024..], bytes =>
        {
            var count = 0;
            for (var place = 0; place < bytes.Length; place += 1 + bytes[place])
                count++;
            BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(8), count);
            BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(12), count - 1);
            return [.. whole[..1024], .. bytes];
        }, bytes =>
        {
            TemporaryFolder.Replace(folder["file"], bytes);
            TokenizerFile.Read(folder["file"]);
        });
    }

    /// <summary>A small file with a vocabulary, and its tensors as a table: two sizes and a type each.</summary>
    private static (GgufBuilder Builder, byte[] Table) NewGguf()
    {
        string[] tokens =
            [.. Enumerable.Range(0, 256).Select(value => TokenizerFileBuilder.ByteToUnicode()[value].ToString()), "<|endoftext|>"];
        var builder = GgufBuilder.Empty(tokens.Length)
            .Set("general.alignment", GgufBuilder.UInt32(32))
            .Set("tokenizer.ggml.model", GgufBuilder.Text("gpt2")).Set("tokenizer.ggml.pre", GgufBuilder.Text("gpt-2"))
            .Set("tokenizer.ggml.tokens", GgufBuilder.Texts(tokens)).Set("tokenizer.ggml.merges", GgufBuilder.Texts([]))
            .Set("tokenizer.ggml.eos_token_id", GgufBuilder.UInt32(256));
        byte[] table =
        [
            .. builder.Tensors.SelectMany(tensor => tensor.Sizes.Concat([1UL]).Take(2).SelectMany(BitConverter.GetBytes)
                .Concat(BitConverter.GetBytes(tensor.Type))),
        ];
        return (builder, table);
    }

    private static void ReadGguf(byte[] bytes) =>
        GgufFormat.Read(new MemoryBytes(bytes), "model", new ModelReadOptions(), CancellationToken.None).Dispose();

    private static void ReadLlmc(byte[] bytes) =>
        LlmcFormat.Read(new MemoryBytes(bytes), "model.bin", new ModelReadOptions(), CancellationToken.None).Dispose();

    private static void ReadTokens(byte[] bytes, string? format)
    {
        using var file = TokenFile.Open(new MemoryBytes(bytes), "tokens.bin", format, new ByteTokenizer(vocabularySize: 100));
        var ids = new int[file.Count];
        file.CopyTo(0, ids);
        if (ids.AsSpan().ContainsAnyExceptInRange(0, 99))
            Assert.Fail("An id outside the vocabulary was read.");
    }

    private static long LengthOf(byte[] header)
    {
        try
        {
            return Math.Clamp(LlmcHeader.Parse(header, "model.bin").FileLength, LlmcHeader.Length, LargestFile);
        }
        catch (Exception exception) when (exception is GptException or OverflowException)
        {
            return LlmcHeader.Length;
        }
    }

    private static long LengthOf(string shape, string type)
    {
        var length = type switch { "F64" => 8.0, "F16" or "BF16" => 2.0, _ => 4.0 };
        foreach (Match size in Size().Matches(shape))
            length *= double.Parse(size.Value, CultureInfo.InvariantCulture);
        return (long)Math.Min(length, LargestFile);
    }

    [GeneratedRegex("\"data_offsets\":\\[[^]]*\\]")]
    private static partial Regex Offsets();

    [GeneratedRegex("(?<before>\"dtype\":\"(?<type>\\w*)\",\"shape\":\\[(?<shape>[^]]*)\\],)\"data_offsets\":\\[\\]")]
    private static partial Regex Tensor();

    [GeneratedRegex("\\d+")]
    private static partial Regex Size();
}
