using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// The micro-panels of B. A small B is packed by each thread for itself, since repacking is cheaper than reading another core's copy. A
    /// large one is packed by all threads together.
    /// </summary>
    /// <param name="shared">The panels that all threads read, or null.</param>
    /// <param name="stamp">Marks the panels that a thread has packed for itself.</param>
    private readonly struct PackedB(float* shared, Operand b, int n, int k, long stamp)
    {
        /// <summary>A megabyte: most of it stays in a typical second-level cache.</summary>
        private const int MaxFloatsPerThread = 1 << 18;

        /// <summary>Whether each thread packs for itself.</summary>
        public static bool IsPerThread(int n, int k) => Length(n, k) <= MaxFloatsPerThread;

        /// <summary>Packs the panels that all threads share; they are valid until this thread prepares the next.</summary>
        public static PackedB Prepare(ThreadTeam team, Operand b, int n, int k)
        {
            if (IsPerThread(n, k))
                return new(null, b, n, k, Scratch.NextStamp());
            var shared = Scratch.Get(ScratchSlot.GemmSharedPanels, Length(n, k));
            PackTask.Run(team, shared, b, n, new KBlocks(k, k), Nr);
            return new(shared, b, n, k, stamp: 0);
        }

        /// <summary>The micro-panels (N / nr, K, nr) for this thread, which packs its own at its first call.</summary>
        public float* Get()
        {
            if (shared is not null)
                return shared;
            var own = Scratch.Get(ScratchSlot.GemmThreadB, Length(n, k), stamp, out var isFilled);
            if (!isFilled)
                Packing.PackB(own, b, n, k);
            return own;
        }

        private static nint Length(int n, int k) => (nint)PaddedN(n) * k;
    }
}
