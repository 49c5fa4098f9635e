namespace PsGpt.Kernels;

/// <summary>
/// Decides which values dropout keeps, by a hash of a key and the value's index: the backward pass finds the mask of the forward pass
/// again without storing it, on any thread.
/// </summary>
/// <param name="Key">Differs from step to step, from layer to layer and from place to place.</param>
/// <param name="Threshold">A value is kept where its hash is at or above this: rate · 2³².</param>
/// <param name="Rate">The fraction of values to drop, 0 … below 1; 0 switches dropout off.</param>
internal readonly record struct DropoutMask(uint Key, uint Threshold, float Rate)
{
    /// <summary>First multiplier of the hash (C. Wellons, hash-prospector, "lowbias32").</summary>
    public const uint FirstMultiplier = 0x7FEB352D;

    /// <summary>Second multiplier of the hash.</summary>
    public const uint SecondMultiplier = 0x846CA68B;

    /// <summary>The mask that drops nothing.</summary>
    public static DropoutMask None => default;

    /// <summary>The factor of the values that are kept: 1 / (1 − rate).</summary>
    public float Scale => 1 / (1 - Rate);

    /// <summary>The mask of one place.</summary>
    /// <param name="seed">The seed of the step.</param>
    /// <param name="place">A number that differs from place to place within a step.</param>
    /// <param name="rate">The fraction of values to drop, 0 … below 1.</param>
    public static DropoutMask Create(ulong seed, uint place, float rate) =>
        new((uint)RandomStream.Mix(seed ^ ((ulong)place << 32)), (uint)Math.Min(rate * 4294967296.0, uint.MaxValue), rate);

    /// <summary>The mask of one attention head, whose indices count from 0 again: key · T + query.</summary>
    public DropoutMask ForHead(int head) => this with { Key = Hash(Key + (uint)head) };

    /// <summary>Whether the value at this index is kept.</summary>
    public bool Keeps(uint index) => Hash(index ^ Key) >= Threshold;

    private static uint Hash(uint value)
    {
        value ^= value >> 16;
        value *= FirstMultiplier;
        value ^= value >> 15;
        value *= SecondMultiplier;
        return value ^ (value >> 16);
    }
}
