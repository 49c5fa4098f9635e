using System.Text.RegularExpressions;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Model;

/// <summary>
/// A model of the fixtures and the results of its reference. Names are mapped by hand, so that no reader of the engine is trusted.
/// </summary>
internal sealed partial class ReferenceModel : IDisposable
{
    private readonly string prefix;

    private ReferenceModel(string folder, string prefix, GptConfiguration configuration)
    {
        this.prefix = prefix;
        var path = Fixtures.PathTo($"fixtures/{folder}");
        Expected = new SafetensorsReference(Path.Combine(path, "expected.safetensors"));
        Model = new GptModel(configuration, tokenizer: null, folder);
        var weights = new SafetensorsReference(Path.Combine(path, "model.safetensors"));
        foreach (var name in weights.Names)
            Slot(Model.Weights, name[prefix.Length..]).Write(weights.Floats(name));
        var shape = Expected.Shape("inputs");
        Batch = new TokenBatch(Expected.Integers("inputs"), Expected.Integers("targets"), shape[0], shape[1], tokenizerName: null);
    }

    public GptModel Model { get; }

    public TokenBatch Batch { get; }

    public SafetensorsReference Expected { get; }

    public static ReferenceModel Load(string folder) => folder switch
    {
        "gpt2-tiny" => new(folder, "transformer.", new()
        {
            VocabularySize = 97, ContextLength = 32, LayerCount = 3, HeadCount = 4, ChannelCount = 48,
        }),
        "nanogpt-nobias" => new(folder, "transformer.", new()
        {
            VocabularySize = 65, ContextLength = 24, LayerCount = 2, HeadCount = 3, ChannelCount = 48,
            HasBias = false, Activation = ActivationFunction.GeluErf,
        }),
        "gptpy-tiny" => new(folder, "", new()
        {
            VocabularySize = 65, ContextLength = 16, LayerCount = 2, HeadCount = 3, ChannelCount = 48,
            Activation = ActivationFunction.Relu, HasQueryKeyValueBias = false, HasTiedHead = false, HasHeadBias = true,
        }),
        _ => throw new ArgumentException(folder),
    };

    /// <summary>The expected tensors under a heading such as <c>grad.</c>, each with the engine's values for it.</summary>
    public IEnumerable<(string Name, float[] Expected, float[] Actual)> Compare(string heading, TensorSet actual) =>
        Compare(Expected, heading, actual);

    /// <summary>The same for another file of expected tensors.</summary>
    public IEnumerable<(string Name, float[] Expected, float[] Actual)> Compare(
        SafetensorsReference expected, string heading, TensorSet actual) =>
        from name in expected.Names
        where name.StartsWith(heading, StringComparison.Ordinal)
        select (name, expected.Floats(name), Slot(actual, name[(heading.Length + prefix.Length)..]).Read());

    /// <summary>Puts the expected tensors under a heading where the engine has them.</summary>
    public void Fill(string heading, TensorSet target)
    {
        foreach (var name in Expected.Names.Where(name => name.StartsWith(heading, StringComparison.Ordinal)))
            Slot(target, name[(heading.Length + prefix.Length)..]).Write(Expected.Floats(name));
    }

    public void Dispose() => Model.Dispose();

    private Slot Slot(TensorSet set, string name)
    {
        var (C, HS) = (Model.Configuration.ChannelCount, Model.Configuration.HeadSize);
        if (HeadName().Match(name) is { Success: true } head)
        {
            // gpt.py: one matrix (HS,C) per head; the engine has all queries, then all keys, then all values.
            var part = Array.IndexOf(["query", "key", "value"], head.Groups[3].Value);
            var row = (part * C) + (int.Parse(head.Groups[2].Value) * HS);
            return new(set["qkvw"], int.Parse(head.Groups[1].Value), row * C, HS * C);
        }

        var layer = LayerName().Match(name);
        var (tensorName, transposed) = (layer.Success ? layer.Groups[2].Value : name) switch
        {
            "wte.weight" or "token_embedding_table.weight" => ("wte", false),
            "wpe.weight" or "position_embedding_table.weight" => ("wpe", false),
            "ln_1.weight" or "ln1.weight" => ("ln1w", false),
            "ln_1.bias" or "ln1.bias" => ("ln1b", false),
            "attn.c_attn.weight" => ("qkvw", true),
            "attn.c_attn.bias" => ("qkvb", false),
            "attn.c_proj.weight" => ("attprojw", true),
            "sa.proj.weight" => ("attprojw", false),
            "attn.c_proj.bias" or "sa.proj.bias" => ("attprojb", false),
            "ln_2.weight" or "ln2.weight" => ("ln2w", false),
            "ln_2.bias" or "ln2.bias" => ("ln2b", false),
            "mlp.c_fc.weight" => ("fcw", true),
            "ffwd.net.0.weight" => ("fcw", false),
            "mlp.c_fc.bias" or "ffwd.net.0.bias" => ("fcb", false),
            "mlp.c_proj.weight" => ("fcprojw", true),
            "ffwd.net.2.weight" => ("fcprojw", false),
            "mlp.c_proj.bias" or "ffwd.net.2.bias" => ("fcprojb", false),
            "ln_f.weight" => ("lnfw", false),
            "ln_f.bias" => ("lnfb", false),
            "lm_head.weight" => ("lmheadw", false),
            "lm_head.bias" => ("lmheadb", false),
            _ => throw new ArgumentException(name),
        };
        var tensor = set[tensorName];
        if (layer.Success)
        {
            var length = (int)(tensor.Length / Model.Configuration.LayerCount);
            return new(tensor, int.Parse(layer.Groups[1].Value), 0, length, transposed ? tensor.Sizes[1] : 0);
        }

        var rows = tensorName is "wte" or "lmheadw" or "lmheadb" ? Model.Configuration.VocabularySize : tensor.Sizes[0];
        return new(tensor, -1, 0, (int)(tensor.Length / tensor.Sizes[0]) * rows);
    }

    [GeneratedRegex(@"^blocks\.(\d+)\.sa\.heads\.(\d+)\.(\w+)\.weight$")]
    private static partial Regex HeadName();

    [GeneratedRegex(@"^(?:h|blocks)\.(\d+)\.(.+)$")]
    private static partial Regex LayerName();
}
