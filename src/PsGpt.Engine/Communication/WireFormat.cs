namespace PsGpt.Communication;

/// <summary>The number format in which gradients travel between ranks.</summary>
public enum WireFormat
{
    /// <summary>float32: nothing is lost.</summary>
    Float32,

    /// <summary>bfloat16: half the bytes; each rank's gradient keeps 8 significant bits before the sum.</summary>
    BFloat16,
}
