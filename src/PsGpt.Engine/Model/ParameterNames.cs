namespace PsGpt.Model;

/// <summary>The names of the parameters, which are llm.c's.</summary>
internal static class ParameterNames
{
    public const string TokenEmbedding = "wte";
    public const string PositionEmbedding = "wpe";
    public const string Norm1Weight = "ln1w";
    public const string Norm1Bias = "ln1b";
    public const string QueryKeyValueWeight = "qkvw";
    public const string QueryKeyValueBias = "qkvb";
    public const string AttentionProjectionWeight = "attprojw";
    public const string AttentionProjectionBias = "attprojb";
    public const string Norm2Weight = "ln2w";
    public const string Norm2Bias = "ln2b";
    public const string FeedForwardUpWeight = "fcw";
    public const string FeedForwardUpBias = "fcb";
    public const string FeedForwardDownWeight = "fcprojw";
    public const string FeedForwardDownBias = "fcprojb";
    public const string FinalNormWeight = "lnfw";
    public const string FinalNormBias = "lnfb";
    public const string HeadWeight = "lmheadw";
    public const string HeadBias = "lmheadb";
}
