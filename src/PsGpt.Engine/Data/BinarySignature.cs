using System.Buffers.Binary;

namespace PsGpt.Data;

/// <summary>Tells known binary formats by their first bytes, so that none is read as a text.</summary>
internal static class BinarySignature
{
    /// <summary>The name of the format with its article, or null where the bytes are none that is known.</summary>
    public static string? NameOf(ReadOnlySpan<byte> head) => head switch
    {
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "a NumPy array (.npy); import token ids as a token file",
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => "a zip archive, as PyTorch's .pt and NumPy's .npz are",
        [0x80, >= 2 and <= 5, ..] => "a pickle of Python",
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', _, 0, 0, 0, ..] => "a GGUF model",
        [0x1F, 0x8B, ..] => "a gzip archive",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG image",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "a PDF document",
        [_, _, _, _, _, 0, 0, 0, (byte)'{', (byte)'"', ..] => "a safetensors file",
        _ => head.Length >= 4 ? NameOfMagic(BinaryPrimitives.ReadInt32LittleEndian(head)) : null,
    };

    private static string? NameOfMagic(int magic) => magic switch
    {
        20240520 or 20240801 => "a token file of llm.c; import it as a token file",
        20240326 => "a model of llm.c",
        20240327 => "a debug state of llm.c",
        20240328 => "a tokenizer of llm.c",
        20240522 => "an evaluation file of llm.c (HellaSwag)",
        20240527 => "an optimizer's state of llm.c",
        _ => null,
    };
}
