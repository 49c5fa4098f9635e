using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// Pack-ahead and prefetch: the work of micro-kernels for the tiles after theirs, a few portions every sixteen steps of K, so that
    /// memory is read while the multiply units are busy. All at once it would hold up the loads of the tile being computed.
    /// </summary>
    /// <remarks>
    /// There are two streams, each idle while nothing is left of it: an operand, whose rows are packed or prefetched, and the next part
    /// of C. Packing ahead needs adjacent rows (<see cref="OperandLayout.ColumnMajor"/>): each step of K is then a copy.
    /// </remarks>
    internal struct Lookahead
    {
        /// <summary>Steps of K between two advances.</summary>
        public const int StepsPerAdvance = 16;

        /// <summary>Prefetch distance of a packed row in portions: half a microsecond, more than memory takes.</summary>
        private const int Distance = 8;

        // The operand. A step of K is a part of every panel; while rows are only prefetched, there is no panel.
        private float* source;
        private float* panel;
        private nint second;
        private int part;
        private int partCount;
        private nint partWidth;
        private nint panelSize;
        private nint sourceStep;
        private nint panelStep;
        private nint distance;
        private int portionsLeft;
        private int pace;

        // The part of C that is stored next, and the tensor that its epilogue reads or writes beside it.
        private float* output;
        private float* companion;
        private nint ldc;
        private int width;
        private int outputRowsLeft;
        private int outputPace;

        /// <summary>A lookahead with nothing to do yet.</summary>
        public static Lookahead Idle => default;

        /// <summary>Packs micro-panels of B, (K, nr), a step of K at a time.</summary>
        /// <param name="panelSize">Floats from a panel to the next.</param>
        /// <param name="source">Column-major.</param>
        /// <param name="tileCount">The tiles beside which all is packed, each over the same K.</param>
        public void PackB(float* panels, nint panelSize, Operand source, int k, int panelCount, int tileCount) =>
            BeginPanels(panels, panelSize, Nr, TSimd.Width, source, k, panelCount, tileCount);

        /// <summary>
        /// Packs micro-panels of A, (K, mr), whose rows are fewer than a vector holds: each step writes over the end of its rows, and the
        /// next step of that panel puts that right.
        /// </summary>
        /// <remarks>
        /// The panels are filled together. A step of K is far from the next one, usually in another page of memory, and is read once for
        /// all of them: packed tile after tile, the head's weight gradient took 1.25 times as long.
        /// </remarks>
        /// <param name="panels">The panels, each with room for a vector behind its end.</param>
        /// <param name="panelSize">Floats from a panel to the next.</param>
        /// <param name="source">Column-major, with at least a vector of rows from the first of the last tile on.</param>
        /// <param name="tileCount">The tiles beside which all is packed, each over the same K.</param>
        public void PackA(float* panels, nint panelSize, Operand source, int k, int panelCount, int tileCount) =>
            BeginPanels(panels, panelSize, Mr, 0, source, k, panelCount, tileCount);

        /// <summary>Prefetches two rows of a row-major operand.</summary>
        public void PrefetchRows(Operand source, int k)
        {
            this.source = source.Data;
            panel = null;
            (second, sourceStep, portionsLeft, pace) = (source.RowStride, CacheLine.Floats, k / CacheLine.Floats, 1);
        }

        /// <summary>
        /// Prefetches a part of C, a row at a time. The rest of the part before, which is about to be stored, comes at once.
        /// </summary>
        /// <param name="companion">The same part of the tensor that the epilogue reads or writes beside C, or null.</param>
        /// <param name="k">That of the tile beside which it is prefetched.</param>
        public void PrefetchOutput(float* output, float* companion, nint ldc, int height, int width, int k)
        {
            while (outputRowsLeft > 0)
                PrefetchOutputRow();
            this.output = output;
            this.companion = companion;
            (this.ldc, this.width, outputRowsLeft) = (ldc, width, height);
            outputPace = ((StepsPerAdvance * height) + k - 1) / k;
        }

        /// <summary>Does the next portions, if some are left.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Advance()
        {
            for (var i = outputPace; i > 0 && outputRowsLeft > 0; i--)
                PrefetchOutputRow();
            for (var i = pace; i > 0 && portionsLeft > 0; i--)
                AdvanceOperand();
        }

        /// <summary>Does all that is left of the operand.</summary>
        public void Finish()
        {
            while (portionsLeft > 0)
                AdvanceOperand();
        }

        /// <param name="second">Offset of the second vector of a panel's step; 0 if one vector holds all of it.</param>
        private void BeginPanels(
            float* panels, nint panelSize, int panelRows, nint second, Operand source, int k, int panelCount, int tileCount)
        {
            this.source = source.Data;
            panel = panels;
            this.second = second;
            (part, partCount, partWidth, this.panelSize) = (0, panelCount, panelRows, panelSize);
            sourceStep = source.KStride - ((panelCount - 1) * partWidth);
            panelStep = panelRows - ((panelCount - 1) * panelSize);
            distance = (Distance + panelCount - 1) / panelCount * source.KStride;
            portionsLeft = k * panelCount;
            pace = ((StepsPerAdvance * panelCount) + tileCount - 1) / tileCount;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void AdvanceOperand()
        {
            portionsLeft--;
            if (panel is null)
            {
                CacheLine.Prefetch(source);
                CacheLine.Prefetch(source + second);
                source += sourceStep;
                return;
            }

            CacheLine.Prefetch(source + distance);
            CacheLine.Prefetch(source + distance + second);
            TSimd.Store(panel, TSimd.Load(source));
            TSimd.Store(panel + second, TSimd.Load(source + second));
            if (++part < partCount)
            {
                source += partWidth;
                panel += panelSize;
                return;
            }

            part = 0;
            source += sourceStep;
            panel += panelStep;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void PrefetchOutputRow()
        {
            outputRowsLeft--;
            for (var column = 0; column < width; column += CacheLine.Floats)
                CacheLine.Prefetch(output + column);
            output += ldc;
            if (companion is null)
                return;
            for (var column = 0; column < width; column += CacheLine.Floats)
                CacheLine.Prefetch(companion + column);
            companion += ldc;
        }
    }
}
