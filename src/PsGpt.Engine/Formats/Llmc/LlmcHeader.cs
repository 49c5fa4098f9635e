using System.Buffers.Binary;
using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats.Llmc;

/// <summary>The first 1024 bytes of a model of llm.c (<c>train_gpt2.c</c>, <c>train_gpt2.py</c>): 256 little-endian int32.</summary>
/// <param name="Version">1: float32, vocabulary not padded; 3: float32; 5: bfloat16.</param>
/// <param name="Configuration">The architecture: GPT-2's.</param>
/// <param name="StoredRows">
/// The rows of the token embedding in the file: those of the vocabulary, and padding as the header says it.
/// </param>
internal sealed record LlmcHeader(int Version, GptConfiguration Configuration, int StoredRows)
{
    public const int Length = 1024;
    private const int Magic = 20240326;

    /// <summary>Whether bytes begin with the magic number.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) == Magic;

    /// <summary>How weights are stored.</summary>
    public WeightDataType DataType => Version == 5 ? WeightDataType.BFloat16 : WeightDataType.Float32;

    /// <summary>The length that the file must have.</summary>
    public long FileLength
    {
        get
        {
            var padding = ((long)StoredRows - Configuration.PaddedVocabularySize) * Configuration.ChannelCount;
            var count = Configuration.GetParameterShapes().Sum(shape => (long)shape.Length) + padding;
            return Length + (count * WeightConversion.SizeOf(DataType));
        }
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="GptException"><c>ModelFileWrongMagic</c>, <c>ModelVersionUnknown</c>, <c>ModelHeaderInvalid</c>.</exception>
    public static LlmcHeader Parse(ReadOnlySpan<byte> bytes, string path)
    {
        int Field(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header[(4 * index)..]);
        if (!HasMagic(bytes))
        {
            throw new GptException("ModelFileWrongMagic", GptErrorKind.InvalidData,
                $"'{path}' is not a model of llm.c: it does not begin with the number {Magic}. Give the file that train_gpt2.py wrote.");
        }

        var version = Field(bytes, 1);
        if (version is not (1 or 3 or 5))
        {
            throw new GptException("ModelVersionUnknown", GptErrorKind.NotSupported,
                $"'{path}' is a model of llm.c of version {version}. Versions 1, 3 and 5 can be read: "
                + "write it again with a current train_gpt2.py.");
        }

        var configuration = new GptConfiguration
        {
            ContextLength = Field(bytes, 2),
            VocabularySize = Field(bytes, 3),
            LayerCount = Field(bytes, 4),
            HeadCount = Field(bytes, 5),
            ChannelCount = Field(bytes, 6),
        };
        try
        {
            configuration.Validate();
        }
        catch (GptException exception)
        {
            throw Invalid(path, exception.Message, exception);
        }

        var rows = version == 1 ? configuration.VocabularySize : Field(bytes, 7);
        return rows >= configuration.VocabularySize ? new(version, configuration, rows) : throw Invalid(
            path, $"a vocabulary of {configuration.VocabularySize} cannot be padded to {rows}.");
    }

    /// <summary>The bytes of the header.</summary>
    public byte[] ToBytes()
    {
        var c = Configuration;
        var bytes = new byte[Length];
        int[] fields =
        [
            Magic, Version, c.ContextLength, c.VocabularySize, c.LayerCount, c.HeadCount, c.ChannelCount, Version == 1 ? 0 : StoredRows,
        ];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), fields[i]);
        return bytes;
    }

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new(
        "ModelHeaderInvalid", GptErrorKind.InvalidData,
        $"The header of '{path}' is broken: {problem} Get the file again from where it came from.", inner);
}
