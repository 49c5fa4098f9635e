using System.Runtime.InteropServices;
using System.Text;
using PsGpt.Formats.TokenFiles;

namespace PsGpt.Unit.Formats;

public sealed class RawTokenLayoutTests
{
    private static readonly int[] Ids = [.. Enumerable.Range(0, 1000).Select(i => i * 7919 % 50257)];

    [Theory]
    [InlineData(50257)]
    [InlineData(100277)]
    public void The_vocabulary_tells(int vocabularySize)
    {
        Assert.Equal("nanogpt", Find(Narrow(Ids), vocabularySize));
        Assert.Equal("nanogpt", Find(Narrow(Ids[..999]), vocabularySize));
        Assert.Equal("int32", Find(Wide(Ids), vocabularySize));
    }

    [Fact]
    public void An_id_outside_the_vocabulary_anywhere_rules_a_layout_out()
    {
        foreach (var place in new[] { 0, 500, 999 })
        {
            int[] ids = [.. Ids];
            ids[place] = 50257;
            Assert.Null(Find(Narrow(ids), 50257));
            Assert.Null(Find(Wide(ids), 50257));
        }
    }

    [Fact]
    public void Large_files_are_looked_at_at_both_ends_and_in_the_middle()
    {
        var content = new byte[65 << 20];
        foreach (ref var value in MemoryMarshal.Cast<byte, int>(content.AsSpan()))
            value = 50256;
        Assert.Equal("int32", Find(content, 50257));
        foreach (var place in new[] { 0, content.Length / 2, content.Length - 4 })
        {
            content[place + 2] = 1;
            Assert.Equal("nanogpt", Find(content, 50257));
            content[place + 2] = 0;
        }
    }

    [Fact]
    public void What_may_be_both_or_is_no_list_of_ids_is_not_told()
    {
        Assert.Null(Find(Wide([1, 2, 3]), 50257));
        Assert.Null(Find(new byte[4000], 50257));
        Assert.Null(Find([1, 0, 2], 50257));
        Assert.Null(Find("x"u8.ToArray(), 50257));
        Assert.Null(Find(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Es wär schön.\r\n", 300))), 50257));
        Assert.Null(Find([0x80, 4, .. Narrow(Ids)], 50257));
        Assert.Null(Find([0xFF, 0xFE], 50257));
    }

    private static byte[] Narrow(int[] ids) => MemoryMarshal.AsBytes(Array.ConvertAll(ids, id => (ushort)id).AsSpan()).ToArray();

    private static byte[] Wide(int[] ids) => MemoryMarshal.AsBytes(ids.AsSpan()).ToArray();

    private static string? Find(byte[] content, int vocabularySize) => RawTokenLayout.Find(new MemoryBytes(content), vocabularySize)?.Name;
}
