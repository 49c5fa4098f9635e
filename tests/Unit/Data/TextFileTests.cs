using System.Text;
using PsGpt.Data;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Data;

/// <summary>Text files: .NET's own encoders are the reference for what is read, and hand-made bytes for what is refused.</summary>
public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void A_byte_order_mark_names_the_encoding_and_is_left_out(string name)
    {
        var text = string.Concat(Enumerable.Repeat("Größe 😀 1 €\n", 20_000));
        var encoding = Encoding.GetEncoding(name);
        Assert.Equal(text, Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]));
    }

    [Fact]
    public void A_code_page_is_read_as_the_user_says()
    {
        Assert.Equal("Müller aß", Read([.. "M"u8, 0xFC, .. "ller a"u8, 0xDF], Encoding.Latin1));
        Assert.Equal("a\0", Read([(byte)'a', 0], Encoding.UTF8));
        Assert.Equal("hi", Read([(byte)'h', 0, (byte)'i', 0], Encoding.Unicode));
    }

    [Theory]
    [InlineData(0, "FC", 0)]
    [InlineData(5, "FF", 5)]
    [InlineData(1_048_575, "E282", 1_048_575)] // The second byte is in the next block.
    [InlineData(1_048_574, "E28241", 1_048_574)]
    [InlineData(1_048_576, "C0AF", 1_048_576)]
    [InlineData(2_097_151, "EDA080", 2_097_151)]
    [InlineData(10, "F09F98", 10)] // Cut off at the end of the file.
    public void The_first_invalid_byte_is_named_with_its_place_and_line(int before, string bad, int place)
    {
        var start = Enumerable.Repeat((byte)'\n', before / 2).Concat(Enumerable.Repeat((byte)'x', before - (before / 2)));
        var error = Assert.Throws<GptException>(() => Read([.. start, .. Convert.FromHexString(bad)]));
        Assert.Equal(("TextEncodingInvalid", GptErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains($"at byte {place} (line {(before / 2) + 1})", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "00D8")] // A high surrogate without its partner, at the end of a block and of the file.
    [InlineData(1000, "00D86100")]
    [InlineData(1_048_574, "00D86100")]
    [InlineData(1_048_576, "00DC6100")]
    public void Halves_of_characters_in_UTF_16_are_named_with_their_place(int place, string bad)
    {
        byte[] start = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(new string('x', (place - 2) / 2))];
        var error = Assert.Throws<GptException>(() => Read([.. start, .. Convert.FromHexString(bad)]));
        Assert.Contains($"at byte {place} (line 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_NUL_character_is_named_with_its_place()
    {
        var error = Assert.Throws<GptException>(() => Read([.. "ab\nc"u8, 0, .. "d"u8]));
        Assert.Equal("TextHasNull", error.ErrorId);
        Assert.Contains("at byte 4 (line 2)", error.Message, StringComparison.Ordinal);
        Assert.Contains("unicode", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("934E554D505901007600", "NumPy")]
    [InlineData("504B030414000000", "zip")]
    [InlineData("80049500", "pickle")]
    [InlineData("4747554603000000", "GGUF")]
    [InlineData("88D8340101000000", "token file of llm.c")]
    [InlineData("6AD9340107000000", null)]
    [InlineData("A1D9340107000000", "token file of llm.c")]
    [InlineData("40000000000000007B2274", "safetensors")]
    public void A_known_binary_format_is_named(string head, string? name)
    {
        var error = Assert.Throws<GptException>(() => Read(Convert.FromHexString(head), name is null ? null : Encoding.Latin1));
        Assert.Equal(name is null ? "TextEncodingInvalid" : "TextIsBinary", error.ErrorId);
        Assert.Contains(name ?? "is not valid utf-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_ids_are_told_from_a_text_in_another_encoding()
    {
        File.WriteAllBytes(folder["train.bin"], [0x76, 0x9F, 0x64, 0x41]);
        var error = Assert.Throws<GptException>(() => TextFile.Read(folder["train.bin"]).ToList());
        Assert.Contains("import it as a token file", error.Message, StringComparison.Ordinal);
    }

    // Get-Content splits at CR LF, CR and LF; -join "`n" puts the lines together.
    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb")]
    [InlineData("a\nb", "a\nb")]
    [InlineData("a\r\rb\n\n", "a\n\nb\n")]
    [InlineData("\r\n", "")]
    [InlineData("", "")]
    [InlineData("a\n\rb", "a\n\nb")]
    public void Line_ends_can_be_read_as_Get_Content_does(string text, string expected) =>
        Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(text), noCarriageReturn: true));

    [Fact]
    public void A_line_end_between_two_blocks_stays_one()
    {
        var line = new string('x', 65_535);
        Assert.Equal($"{line}\ny", Read(Encoding.UTF8.GetBytes($"{line}\r\ny"), noCarriageReturn: true));
    }

    [Fact]
    public void Waiting_for_a_pipe_can_be_stopped()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using (var make = System.Diagnostics.Process.Start("mkfifo", folder["pipe"]))
            make.WaitForExit();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(() => TextFile.Read(folder["pipe"], cancellationToken: stop.Token).ToList());

        // Lets the thread that is left behind come back.
        using var writer = new FileStream(folder["pipe"], FileMode.Open, FileAccess.ReadWrite);
    }

    private string Read(byte[] bytes, Encoding? encoding = null, bool noCarriageReturn = false)
    {
        File.WriteAllBytes(folder["text.txt"], bytes);
        var text = new StringBuilder();
        var options = new TextFileOptions { Encoding = encoding, NoCarriageReturn = noCarriageReturn };
        foreach (var piece in TextFile.Read(folder["text.txt"], options))
            text.Append(piece);
        return text.ToString();
    }
}
