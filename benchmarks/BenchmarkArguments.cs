namespace PsGpt.Benchmarks;

/// <summary>The command line: names of benchmarks, and <c>--name value</c> for the rest.</summary>
internal sealed class BenchmarkArguments
{
    public static IReadOnlyList<string> Known { get; } =
        ["matmul", "attention", "124M", "threads", "baby", "shakespeare", "load", "checkpoint", "distributed", "generate"];

    private readonly HashSet<string> chosen = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">A name is unknown, or a value is missing.</exception>
    public BenchmarkArguments(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--llmc":
                    LlmcProgram = Value(arguments, ++i);
                    break;
                case "--python":
                    Python = Value(arguments, ++i);
                    break;
                case "--text":
                    TextPath = Value(arguments, ++i);
                    break;
                case "--node":
                    NodeFolder = Value(arguments, ++i);
                    break;
                case "--ggml":
                    GgmlProgram = Value(arguments, ++i);
                    break;
                case "--ggml-model":
                    GgmlModels.Add(Value(arguments, ++i));
                    break;
                case "--json":
                    JsonPath = Value(arguments, ++i);
                    break;
                case "all":
                    chosen.UnionWith(Known);
                    break;
                case var name when Known.Contains(name, StringComparer.OrdinalIgnoreCase):
                    chosen.Add(name);
                    break;
                case var other:
                    throw new ArgumentException(
                        $"'{other}' is no benchmark. Known are all, {string.Join(", ", Known)}; and --llmc program, --python program, "
                        + "--text file, --node folder, --ggml program, --ggml-model file, --json file.");
            }
        }

        if (chosen.Count == 0)
            chosen.UnionWith(Known);
    }

    /// <summary>A built <c>train_gpt2</c> of llm.c to measure in turn.</summary>
    public string? LlmcProgram { get; }

    /// <summary>A Python with torch to measure in turn.</summary>
    public string? Python { get; }

    /// <summary>A text, such as tinyshakespeare, to encode and to train on.</summary>
    public string? TextPath { get; }

    /// <summary>A folder whose node_modules have node-llama-cpp and tiktoken, to measure in turn.</summary>
    public string? NodeFolder { get; }

    /// <summary>A built <c>gpt-2-backend</c> of ggml to measure in turn, with <see cref="GgmlModels"/>.</summary>
    public string? GgmlProgram { get; }

    /// <summary>Models in ggml's format: in float32, 16 and 8 bits, in this order.</summary>
    public List<string> GgmlModels { get; } = [];

    /// <summary>The path of the figures as JSON.</summary>
    public string JsonPath { get; } = Path.Combine("output", "benchmarks.json");

    public bool Has(string name) => chosen.Contains(name);

    private static string Value(string[] arguments, int at) =>
        at < arguments.Length ? arguments[at] : throw new ArgumentException($"{arguments[at - 1]} needs a value behind it.");
}
