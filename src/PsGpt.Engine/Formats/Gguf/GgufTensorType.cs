using PsGpt.Tensors;

namespace PsGpt.Formats.Gguf;

/// <summary>How GGUF files number the types of weights (<c>ggml.h</c>, <c>enum ggml_type</c>).</summary>
internal static class GgufTensorType
{
    private static readonly (uint Number, WeightDataType Type)[] Readable =
    [
        (0, WeightDataType.Float32), (1, WeightDataType.Float16), (8, WeightDataType.Q8_0), (28, WeightDataType.Float64),
        (30, WeightDataType.BFloat16),
    ];

    // Only to name what cannot be read; the gaps are types that ggml has given up.
    private static readonly string?[] Names =
    [
        "F32", "F16", "Q4_0", "Q4_1", null, null, "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K",
        "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16",
    ];

    /// <summary>How weights of a type are stored, or null where they cannot be read.</summary>
    public static WeightDataType? Find(uint number) =>
        Readable.FirstOrDefault(type => type.Number == number) is var found && found.Number == number ? found.Type : null;

    /// <summary>The number of a type.</summary>
    public static uint NumberOf(WeightDataType type) => Readable.First(known => known.Type == type).Number;

    /// <summary>What error messages call a type.</summary>
    public static string Describe(uint number) => number < Names.Length && Names[number] is { } name ? name : $"ggml's type {number}";
}
