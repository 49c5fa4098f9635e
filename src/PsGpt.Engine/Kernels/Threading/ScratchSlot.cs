namespace PsGpt.Kernels.Threading;

/// <summary>What a piece of <see cref="Scratch"/> is for.</summary>
internal enum ScratchSlot
{
    /// <summary>The operand of a product that all threads read; owned by the caller.</summary>
    SharedPanels,

    /// <summary>The panels that a thread packs for itself.</summary>
    OwnPanels,

    /// <summary>An operand of a product that a thread has packed for all its ranges.</summary>
    OwnColumns,

    /// <summary>The tiles of one attention head.</summary>
    AttentionHead,

    /// <summary>Partial results of a reduction; owned by the caller.</summary>
    Partials,
}
