using PsGpt.Plugins;

namespace PsGpt.Formats.TokenFiles;

/// <summary>A way in which programs of this field lay token ids into a file.</summary>
public sealed class TokenFileFormat : IPlugin
{
    private TokenFileFormat(string name, string description, int? tokenSize) =>
        (Name, Description, TokenSize) = (name, description, tokenSize);

    /// <summary>The shards of llm.c (<c>dev/data/data_common.py</c>): a header of 1024 bytes, then uint16 or uint32 ids.</summary>
    public static TokenFileFormat Llmc { get; } = new("llm.c",
        "shards of llm.c with a header: uint16, or uint32 for large vocabularies", tokenSize: null);

    /// <summary>The <c>train.bin</c> and <c>val.bin</c> of nanoGPT's <c>prepare.py</c>: uint16 ids and nothing else.</summary>
    public static TokenFileFormat NanoGpt { get; } = new("nanogpt", "raw uint16 without a header, as nanoGPT's train.bin", tokenSize: 2);

    /// <summary>The oldest files of llm.c, also of llm.go: int32 ids and nothing else.</summary>
    public static TokenFileFormat Int32 { get; } = new("int32", "raw int32 without a header, as the first llm.c had it", tokenSize: 4);

    /// <summary>An array that NumPy saved, with a header: uint16 or int32.</summary>
    public static TokenFileFormat Numpy { get; } = new("npy",
        "an array of NumPy with a header: uint16, or int32 for large vocabularies", tokenSize: null);

    /// <summary>All formats, by name.</summary>
    public static Registry<TokenFileFormat> Registry { get; } = CreateRegistry();

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>The bytes of an id; null where the header of a file says so.</summary>
    internal int? TokenSize { get; }

    /// <summary>The bytes before the first id in the files that are written.</summary>
    internal int HeaderLength => this == Llmc ? LlmcTokenHeader.Length : this == Numpy ? NumpyTokenHeader.Length : 0;

    /// <summary>The header of a file with so many ids.</summary>
    internal byte[] HeaderOf(int tokenSize, long count) => this == Llmc
        ? new LlmcTokenHeader(tokenSize, checked((int)count)).ToBytes()
        : this == Numpy ? NumpyTokenHeader.ToBytes(tokenSize, count) : [];

    private static Registry<TokenFileFormat> CreateRegistry()
    {
        var registry = new Registry<TokenFileFormat>("token file format");
        registry.Register(Llmc);
        registry.Register(NanoGpt);
        registry.Register(Int32);
        registry.Register(Numpy);
        return registry;
    }
}
