using PsGpt.Formats.TokenFiles;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Formats;

/// <summary>Token files as llm.c's <c>data_common.py</c> and nanoGPT's <c>prepare.py</c> lay them out.</summary>
public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_layout_is_read()
    {
        Assert.Equal([50256, 0, 65535], Read(Llmc(20240520, 1, 3, "50C40000FFFF")));
        Assert.Equal([128000, 1], Read(Llmc(20240801, 7, 2, "00F4010001000000")));
        Assert.Equal([50256, 0, 65535], Read(Convert.FromHexString("50C40000FFFF"), "nanogpt"));
        Assert.Equal([50256, 7], Read(Convert.FromHexString("50C4000007000000"), "int32"));
    }

    // The layout of numpy.save, as numpy.lib.format describes it: the header ends at a multiple of 64 bytes.
    [Theory]
    [InlineData("<u2", "50C40000FFFF")]
    [InlineData("<i4", "50C4000000000000FFFF0000")]
    public void An_array_of_NumPy_is_read_behind_its_header(string type, string body)
    {
        Assert.Equal([50256, 0, 65535], Read([.. NumpyHeader(type, "(3,)"), .. Convert.FromHexString(body)]));
        Assert.Equal([50256, 0, 65535], Read([.. NumpyHeader(type, "(3,)"), .. Convert.FromHexString(body)], "npy"));
    }

    [Theory]
    [InlineData("TokenArrayNotSupported", "<i8", "(1,)")]
    [InlineData("TokenArrayNotSupported", ">u2", "(4,)")]
    [InlineData("TokenArrayNotSupported", "<u2", "(2, 2)")]
    [InlineData("TokenFileTruncated", "<u2", "(5,)")]
    [InlineData("TokenHeaderInvalid", "<u2", "(3,)")]
    public void Another_array_of_NumPy_is_refused(string errorId, string type, string shape) =>
        Assert.Equal(errorId, Assert.Throws<GptException>(() => Open([.. NumpyHeader(type, shape), .. new byte[8]])).ErrorId);

    [Fact]
    public void The_written_header_of_NumPy_is_the_one_that_NumPy_writes() =>
        Assert.Equal(NumpyHeader("<u2", "(3,)"), NumpyTokenHeader.ToBytes(2, 3));

    [Fact]
    public void Any_part_can_be_read()
    {
        using var file = Open(Llmc(20240520, 1, 5, "01000200030004000500"));
        var ids = new int[3];
        file.CopyTo(1, ids);
        Assert.Equal([2, 3, 4], ids);
        file.CopyTo(5, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo(3, ids));
    }

    [Theory]
    [InlineData("TokenFileTruncated", 20240520, 1, 4, "010002000300")]
    [InlineData("TokenHeaderInvalid", 20240520, 1, 2, "010002000300")]
    [InlineData("TokenHeaderInvalid", 20240520, 1, -1, "0100")]
    [InlineData("TokenFileTruncated", 20240801, 7, int.MaxValue, "01000000")]
    [InlineData("TokenFileVersionUnknown", 20240520, 7, 1, "0100")]
    [InlineData("TokenFileVersionUnknown", 20240801, 1, 1, "01000000")]
    [InlineData("TokenFormatUnknown", 20240326, 3, 1, "0100")]
    public void A_broken_header_is_refused(string errorId, int magic, int version, int count, string body) =>
        Assert.Equal(errorId, Assert.Throws<GptException>(() => Open(Llmc(magic, version, count, body))).ErrorId);

    [Theory]
    [InlineData("FileEmpty", "", null)]
    [InlineData("FileEmpty", "", "nanogpt")]
    [InlineData("TokenFormatUnknown", "01", null)]
    [InlineData("TokenFormatUnknown", "0100020003000400", null)]
    [InlineData("TokenFileTruncated", "88D8340101000000", null)]
    [InlineData("TokenFileWrongMagic", "0100020003000400", "llm.c")]
    [InlineData("TokenFileTruncated", "010002", "nanogpt")]
    [InlineData("TokenFileTruncated", "010002000300", "int32")]
    [InlineData("TokenFormatMismatch", "88D8340101000000", "nanogpt")]
    [InlineData("PluginNotFound", "01000200", "pickle")]
    public void Another_file_is_refused(string errorId, string content, string? format) =>
        Assert.Equal(errorId, Assert.Throws<GptException>(() => Open(Convert.FromHexString(content), format)).ErrorId);

    [Theory]
    [InlineData("nanogpt", "0100020064000300", 100, 2)]
    [InlineData("int32", "01000000FFFFFFFF", null, 1)]
    public void An_id_outside_the_vocabulary_is_an_error_that_says_where(string format, string content, int? vocabularySize, int place)
    {
        using var file = Open(Convert.FromHexString(content), format, vocabularySize);
        file.CopyTo(0, new int[place]);
        var error = Assert.Throws<GptException>(() => file.CopyTo(1, new int[place]));
        Assert.Equal("TokenOutsideVocabulary", error.ErrorId);
        Assert.Contains($"at place {place} of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_shrinks_is_an_error_and_no_crash()
    {
        using var file = Open(Llmc(20240520, 1, 3, "010002000300"));
        using (var other = new FileStream(folder["tokens"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            other.SetLength(1026);
        Assert.Equal("TokenFileTruncated", Assert.Throws<GptException>(() => file.CopyTo(0, new int[3])).ErrorId);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_errors()
    {
        Assert.Equal("PathNotFound", Assert.Throws<GptException>(() => TokenFile.Open(folder["nothing"])).ErrorId);
        var error = Assert.Throws<GptException>(() => TokenFile.Open(Path.GetDirectoryName(folder["nothing"])!));
        Assert.Equal("PathNotFound", error.ErrorId);
        Assert.Contains("is a directory", error.Message, StringComparison.Ordinal);
    }

    private static byte[] NumpyHeader(string type, string shape)
    {
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        return [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(text.PadRight(117)), (byte)'\n'];
    }

    private static byte[] Llmc(int magic, int version, int count, string body)
    {
        var header = new byte[1024];
        Buffer.BlockCopy(new[] { magic, version, count }, 0, header, 0, 12);
        return [.. header, .. Convert.FromHexString(body)];
    }

    private int[] Read(byte[] content, string? format = null, int? vocabularySize = null)
    {
        using var file = Open(content, format, vocabularySize);
        var ids = new int[file.Count];
        file.CopyTo(0, ids);
        return ids;
    }

    private TokenFile Open(byte[] content, string? format = null, int? vocabularySize = null)
    {
        File.WriteAllBytes(folder["tokens"], content);
        var tokenizer = vocabularySize is { } V ? new ByteTokenizer(vocabularySize: V) : null;
        return TokenFile.Open(folder["tokens"], format, tokenizer);
    }
}
