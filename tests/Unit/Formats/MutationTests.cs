using System.Diagnostics;
using System.Globalization;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Whatever a file was turned into, reading it ends in what it holds or in an error that a user can act on, and never takes much more
/// memory than the file has.
/// </summary>
public sealed class MutationTests : IDisposable
{
    // Justified: the values, text as objects, and what a reader always needs.
    private const int AllocationPerByte = 64;
    private const int AllocationAlways = 1 << 20;

    private const int UsualCount = 1_000;

    // Of a file of a few kilobytes.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(1);

    // A thorough run has 20,000: set the environment variable PSGPT_MUTATIONS.
    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("PSGPT_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : UsualCount;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("huggingface", "model.safetensors")]
    [InlineData("huggingface", "config.json")]
    [InlineData("llm.c", "")]
    public void Mutated_files_on_disk_end_in_a_model_or_a_clear_error(string format, string name)
    {
        using (var model = ModelInitializer.Create(TinyModel, null, seed: 1))
            ModelFile.Write(model, folder["model"], format);
        var file = Path.Join(folder["model"], name);
        Mutate(File.ReadAllBytes(file), bytes =>
        {
            TemporaryFolder.Replace(file, bytes);
            ModelFile.Read(folder["model"]).Dispose();
        }, Count / 20);
    }

    /// <summary>A model of a few hundred weights.</summary>
    internal static GptConfiguration TinyModel { get; } =
        new() { VocabularySize = 20, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    /// <summary>
    /// Reads 1,000 mutations of a file, or as many as PSGPT_MUTATIONS says: each must end well or in an error that a user can act on.
    /// </summary>
    internal static void Mutate(byte[] whole, Action<byte[]> read) => Mutate(whole, read, Count);

    /// <summary>The same for one of several parts of a format, so that the format has its number together.</summary>
    internal static void MutatePart(byte[] whole, Action<byte[]> read, int parts) => Mutate(whole, read, Count / parts);

    /// <summary>
    /// Mutates a part of a file, makes a whole file of it whose lengths, counts and offsets are right again, and reads that.
    /// </summary>
    internal static void MutateRepaired(byte[] part, Func<byte[], byte[]> repair, Action<byte[]> read, int parts = 1) =>
        Mutate(part, read, Count / parts, repair: repair);

    /// <summary>The same, with a look at what was read; what that look takes does not count.</summary>
    internal static void Mutate<T>(byte[] whole, Func<byte[], T> read, Action<T> check, int parts = 1)
    {
        var result = default(T);
        Mutate(whole, bytes => result = read(bytes), Count / parts, () => check(result!));
    }

    private static void Mutate(byte[] whole, Action<byte[]> read, int count, Action? check = null, Func<byte[], byte[]>? repair = null)
    {
        repair ??= bytes => bytes;
        read(repair([.. whole]));
        var (number, errors) = (0, 0);
        var slow = new List<(int Number, byte[] Bytes)>();
        foreach (var bytes in new FileMutator(whole).Mutations(count).Select(repair))
        {
            var before = Allocated;
            var start = Stopwatch.GetTimestamp();
            var isRead = IsRead(read, bytes, number);
            var allocated = Allocated - before;
            if (Count > UsualCount && Stopwatch.GetElapsedTime(start) > LongestRead)
                slow.Add((number, bytes));
            Assert.True(allocated <= AllocationAlways + ((long)AllocationPerByte * bytes.Length),
                $"Mutation {number} has {bytes.Length} bytes, and reading it took {allocated}.");
            if (isRead)
                check?.Invoke();
            else
                errors++;
            number++;
        }

        // A thorough run also finds loops; what the machine made slow is not slow again.
        foreach (var (place, bytes) in slow)
        {
            var start = Stopwatch.GetTimestamp();
            _ = IsRead(read, bytes, place);
            Assert.True(Stopwatch.GetElapsedTime(start) <= LongestRead, $"Mutation {place} of {bytes.Length} bytes is read for too long.");
        }

        // Had the mutations changed nothing that matters, nothing would have been tested.
        Assert.InRange(errors, count / 10, count);
    }

    private static bool IsRead(Action<byte[]> read, byte[] bytes, int number)
    {
        try
        {
            read(bytes);
            return true;
        }
        catch (GptException)
        {
            return false;
        }
        catch (Exception exception)
        {
            Assert.Fail($"Mutation {number} ended in {exception}");
            throw;
        }
    }

    private static long Allocated => GC.GetAllocatedBytesForCurrentThread() + NativeBlock.AllocatedBytesForCurrentThread;
}
