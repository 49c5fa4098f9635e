using PsGpt.Formats;

namespace PsGpt.Unit.Formats;

public sealed class ByteSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bytes_are_read_from_any_place_and_never_beyond_the_end(bool isFile)
    {
        byte[] bytes = [1, 2, 3, 4, 5];
        File.WriteAllBytes(folder["bytes"], bytes);
        using ByteSource source = isFile ? new FileBytes(folder["bytes"]) : new MemoryBytes(bytes);
        var target = new byte[3];
        source.Read(2, target);
        Assert.Equal(5, source.Length);
        Assert.Equal([3, 4, 5], target);
        Assert.Throws<EndOfStreamException>(() => source.Read(3, target));
    }

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_open_is_an_error()
    {
        File.WriteAllBytes(folder["bytes"], new byte[1000]);
        using var source = new FileBytes(folder["bytes"]);
        using (var file = new FileStream(folder["bytes"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(10);
        Assert.Throws<EndOfStreamException>(() => source.Read(500, new byte[100]));
    }
}
