using System.Numerics;

namespace PsGpt.Kernels.Narrow;

/// <summary>A float of 16 bits, converted to float32 and back: exactly, and rounded to nearest, ties to even.</summary>
internal interface INarrowFloat
{
    /// <summary>The float of the same value.</summary>
    static abstract float Widen(ushort bits);

    /// <summary>The floats of the same values; the bits are the lower halves.</summary>
    static abstract Vector<float> Widen(Vector<uint> bits);

    /// <summary>The bits of the nearest value.</summary>
    static abstract ushort Narrow(float value);

    /// <summary>The bits of the nearest values, in the lower halves.</summary>
    static abstract Vector<uint> Narrow(Vector<float> value);
}
