using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PsGpt.Data;

namespace PsGpt.Formats.Choices;

/// <summary>
/// llm.c's evaluation file: a header of 256 int32 (magic, version 1, number of examples, bytes of the longest), then each example as
/// uint16: 65535, its bytes, index, label, number of endings, and the context and each ending with its length before it.
/// </summary>
internal static class LlmcEvaluationFile
{
    public const int Magic = 20240522;
    private const int HeaderLength = 1024;
    private const int StartOfExample = 65535;
    private const int ExampleHeaderLength = 12;

    public static IEnumerable<ChoiceExample> Read(ByteSource file, string path)
    {
        var count = ReadCount(file, path);
        long offset = HeaderLength;
        for (var i = 0; i < count; i++)
        {
            var words = ReadExample(file, offset, path, i);
            offset += words.Length * sizeof(ushort);
            yield return Parse(words, path, i);
        }

        if (offset != file.Length)
            throw Invalid(path, $"it has {file.Length - offset} bytes after the {count} examples that its header promises");
    }

    private static int ReadCount(ByteSource file, string path)
    {
        if (file.Length < HeaderLength)
            throw Invalid(path, "it ends within its header");
        var header = new byte[HeaderLength];
        file.Read(0, header);
        var (version, count) = (Field(1), Field(2));
        if (version != 1)
            throw Invalid(path, $"it is of version {version}, and version 1 can be read");
        return count > 0 ? count : throw Invalid(path, $"its header promises {count} examples");

        int Field(int index) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4 * index));
    }

    private static ushort[] ReadExample(ByteSource file, long offset, string path, int number)
    {
        var start = new ushort[2];
        if (file.Length - offset < ExampleHeaderLength)
            throw Invalid(path, $"it ends before its example {number}");
        file.Read(offset, MemoryMarshal.AsBytes(start.AsSpan()));
        if (start[0] != StartOfExample || start[1] < ExampleHeaderLength || start[1] % 2 != 0 || start[1] > file.Length - offset)
            throw Invalid(path, $"at byte {offset}, where example {number} should be, is none");
        var words = new ushort[start[1] / 2];
        file.Read(offset, MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }

    private static ChoiceExample Parse(ushort[] words, string path, int number)
    {
        var place = 5;
        var context = Take();
        var endings = new List<int[]>();
        while (endings.Count < words[4])
            endings.Add(Take());
        if (place != words.Length)
            throw Invalid(path, $"example {number} is longer than its parts");
        var example = new ChoiceExample { Index = words[2], Label = words[3], Context = context, Endings = endings };
        return example.FindProblem() is { } problem ? throw Invalid(path, $"example {number} cannot be used: {problem}") : example;

        int[] Take()
        {
            if (place >= words.Length || place + 1 + words[place] > words.Length)
                throw Invalid(path, $"example {number} ends within its parts");
            var ids = words.AsSpan(place + 1, words[place]);
            place += 1 + ids.Length;
            return [.. ids.ToArray().Select(id => (int)id)];
        }
    }

    private static GptException Invalid(string path, string problem) => new("ChoiceFileInvalid", GptErrorKind.InvalidData,
        $"'{path}' is no whole evaluation file of llm.c: {problem}. Get the file again, or write it with dev/data/hellaswag.py.");
}
