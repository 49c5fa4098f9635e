namespace PsGpt.Inspection;

/// <summary>The operators of a GPT by name.</summary>
public static class OperatorCatalog
{
    /// <summary>All operators, in the order in which a training step runs them.</summary>
    public static IReadOnlyList<GptOperator> All { get; } =
    [
        Encoder.Create(), LayerNorm.Create(), MatMul.Create(), Attention.Create(),
        .. Elementwise.Create(), .. Losses.Create(), AdamW.Create(),
    ];

    /// <summary>The operator of that name, in any case.</summary>
    /// <exception cref="GptException"><c>OperatorNotFound</c>.</exception>
    public static GptOperator Get(string name) =>
        All.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new GptException("OperatorNotFound", GptErrorKind.NotFound,
            $"There is no operator '{name}'. Use one of: {string.Join(", ", All.Select(candidate => candidate.Name))}.");
}
