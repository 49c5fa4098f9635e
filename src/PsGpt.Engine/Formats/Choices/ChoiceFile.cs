using System.Buffers.Binary;
using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Choices;

/// <summary>
/// A file of multiple-choice examples: llm.c's evaluation file (<c>dev/data/data_common.py</c>, <c>write_evalfile</c>), or HellaSwag's
/// lines of JSON.
/// </summary>
public static class ChoiceFile
{
    /// <summary>Reads the examples one after the other, in memory that does not grow with the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokenizer">Encodes the texts of lines of JSON; a file of llm.c has ids. Null where there is none.</param>
    /// <exception cref="GptException">
    /// <c>ChoiceFileInvalid</c>, <c>FileEmpty</c>, <c>TokenizerMissing</c>, <c>TextOutsideVocabulary</c>, <c>PathNotFound</c>,
    /// <c>ReadFailed</c>.
    /// </exception>
    public static IEnumerable<ChoiceExample> Read(string path, Tokenizer? tokenizer)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var examples = Open(path, tokenizer).GetEnumerator();
        while (true)
        {
            try
            {
                if (!examples.MoveNext())
                    yield break;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new GptException("PathNotFound", GptErrorKind.NotFound, $"There is no file '{path}'. Check the path.", exception);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new GptException("ReadFailed", GptErrorKind.ReadFailed, $"'{path}' cannot be read: {exception.Message}", exception);
            }

            yield return examples.Current;
        }
    }

    private static IEnumerable<ChoiceExample> Open(string path, Tokenizer? tokenizer)
    {
        using var file = new FileBytes(path);
        if (file.Length == 0)
            throw new GptException("FileEmpty", GptErrorKind.InvalidData, $"The file '{path}' is empty. Get it again from its source.");
        var examples = IsLlmc(file) ? LlmcEvaluationFile.Read(file, path) : ChoiceJsonLines.Read(path, tokenizer ?? throw new GptException(
            "TokenizerMissing", GptErrorKind.InvalidArgument,
            $"'{path}' has texts, but the model came without a tokenizer. Load the model together with its tokenizer."));
        foreach (var example in examples)
            yield return example;
    }

    private static bool IsLlmc(FileBytes file)
    {
        Span<byte> start = stackalloc byte[4];
        if (file.Length < start.Length)
            return false;
        file.Read(0, start);
        return BinaryPrimitives.ReadInt32LittleEndian(start) == LlmcEvaluationFile.Magic;
    }
}
