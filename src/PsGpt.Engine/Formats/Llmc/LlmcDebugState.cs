using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats.Llmc;

/// <summary>
/// A debug state of llm.c (<c>train_gpt2.py</c>, <c>write_state</c>): one batch, and what PyTorch computed for it with the model that
/// was written along with it. Version 2 has the token embedding's gradient padded as the engine has it, version 1 has not.
/// </summary>
public sealed class LlmcDebugState : IDisposable
{
    private const int HeaderLength = 1024;
    private const int Magic = 20240327;

    private LlmcDebugState(
        int batchSize, int sequenceLength, int[] inputs, int[] targets, float[] logits, float loss, TensorSet gradients) =>
        (BatchSize, SequenceLength, Inputs, Targets, Logits, Loss, Gradients) =
            (batchSize, sequenceLength, inputs, targets, logits, loss, gradients);

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>T.</summary>
    public int SequenceLength { get; }

    /// <summary>Token ids (B,T).</summary>
    public IReadOnlyList<int> Inputs { get; }

    /// <summary>The ids that should follow (B,T).</summary>
    public IReadOnlyList<int> Targets { get; }

    /// <summary>The logits (B,T,V).</summary>
    public ReadOnlyMemory<float> Logits { get; }

    /// <summary>The mean cross-entropy in nats.</summary>
    public float Loss { get; }

    /// <summary>The gradients, laid out as the model's parameters.</summary>
    public TensorSet Gradients { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">The model that it was written with: the file does not say how large that is.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor.</param>
    /// <exception cref="GptException">
    /// <c>PathNotFound</c>, <c>DebugStateWrongMagic</c>, <c>DebugStateVersionUnknown</c>, <c>DebugStateMismatch</c>,
    /// <c>FormatCannotHold</c>, <c>ReadFailed</c>, <c>OutOfMemory</c>.
    /// </exception>
    public static LlmcDebugState Read(string path, GptConfiguration configuration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        if (!LlmcFormat.CanHold(configuration))
        {
            throw new GptException("FormatCannotHold", GptErrorKind.NotSupported,
                "A debug state of llm.c belongs to a GPT-2 with all biases, tanh GELU and a tied head, which the model is not. "
                + "Give the model that was written along with it.");
        }

        if (!File.Exists(path))
            throw new GptException("PathNotFound", GptErrorKind.NotFound,
                $"There is no file '{path}'. Give the path of a debug state, such as gpt2_124M_debug_state.bin.");
        try
        {
            using var file = new FileBytes(path);
            return Read(file, path, configuration, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed, $"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Frees the gradients.</summary>
    public void Dispose() => Gradients.Dispose();

    /// <summary>Reads a file, wherever its bytes are.</summary>
    internal static LlmcDebugState Read(ByteSource file, string path, GptConfiguration configuration, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        file.Read(0, header.AsSpan(0, (int)Math.Min(file.Length, HeaderLength)));
        var (version, B, T) = (Field(header, 1), Field(header, 2), Field(header, 3));
        if (Field(header, 0) != Magic)
            throw Wrong("DebugStateWrongMagic", GptErrorKind.InvalidData,
                $"'{path}' is no debug state of llm.c: it does not begin with the number {Magic}. "
                + "Give the file that train_gpt2.py wrote, such as gpt2_124M_debug_state.bin.");
        if (version is not (1 or 2))
            throw Wrong("DebugStateVersionUnknown", GptErrorKind.NotSupported,
                $"'{path}' is a debug state of version {version}. Versions 1 and 2 can be read: "
                + "write it again with a current train_gpt2.py.");

        // Before anything is allocated: a broken header must not cost the memory that it claims.
        var rows = version == 1 ? configuration.VocabularySize : configuration.PaddedVocabularySize;
        var missingRows = configuration.PaddedVocabularySize - rows;
        var gradientCount =
            configuration.GetParameterShapes().Sum(shape => (long)shape.Length) - ((long)missingRows * configuration.ChannelCount);
        var tokenCount = (Int128)B * T;
        var valueCount = (tokenCount * (2 + configuration.VocabularySize)) + 1 + gradientCount;
        if (B < 1 || T < 1 || T > configuration.ContextLength || file.Length != HeaderLength + (4 * valueCount)
            || tokenCount * configuration.VocabularySize > Array.MaxLength)
        {
            throw Wrong("DebugStateMismatch", GptErrorKind.InvalidData,
                $"'{path}' has {file.Length} bytes, which {B} x {T} tokens and the gradients of this model do not make up. "
                + "Give the model that it was written with, or get the file again.");
        }

        return Read(file, configuration, B, T, rows, cancellationToken);
    }

    private static LlmcDebugState Read(
        ByteSource file, GptConfiguration configuration, int B, int T, int embeddingRows, CancellationToken cancellationToken)
    {
        long offset = HeaderLength;
        int[] inputs = Ids(B * T), targets = Ids(B * T);
        float[] logits = Values(B * T * configuration.VocabularySize), loss = Values(1);
        var gradients = new TensorSet(configuration.GetParameterShapes());
        try
        {
            var tensors = LlmcFormat.Tensors(gradients, embeddingRows, file, offset, WeightDataType.Float32);
            StoredTensor.ReadAll(tensors, progress: null, cancellationToken);
            return new LlmcDebugState(B, T, inputs, targets, logits, loss[0], gradients);
        }
        catch
        {
            gradients.Dispose();
            throw;
        }

        int[] Ids(int count) => [.. MemoryMarshal.Cast<float, int>(Values(count))];

        float[] Values(int count)
        {
            var values = new float[count];
            WeightBytes.Read(file, offset, WeightDataType.Float32, values);
            offset += 4L * count;
            return values;
        }
    }

    private static int Field(byte[] header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4 * index));

    private static GptException Wrong(string id, GptErrorKind kind, string message) => new(id, kind, message);
}
