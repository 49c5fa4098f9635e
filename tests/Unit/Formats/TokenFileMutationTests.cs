using PsGpt.Formats.TokenFiles;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Formats;

public sealed class TokenFileMutationTests
{
    [Theory]
    [InlineData(null, 2)]
    [InlineData(null, 4)]
    [InlineData("nanogpt", 2)]
    [InlineData("npy", 2)]
    [InlineData("int32", 4)]
    public void Mutated_files_end_in_tokens_or_a_clear_error(string? format, int tokenSize)
    {
        const int Count = 100;
        var body = new byte[Count * tokenSize];
        for (var i = 0; i < Count; i++)
            body[i * tokenSize] = (byte)i;
        byte[] header = format switch
        {
            null => new LlmcTokenHeader(tokenSize, Count).ToBytes(),
            "npy" => NumpyTokenHeader.ToBytes(tokenSize, Count),
            _ => [],
        };
        byte[] whole = [.. header, .. body];
        MutationTests.Mutate(whole, bytes =>
        {
            using var file = TokenFile.Open(new MemoryBytes(bytes), "tokens.bin", format, new ByteTokenizer(vocabularySize: Count));
            var ids = new int[file.Count];
            file.CopyTo(0, ids);
        });
    }
}
