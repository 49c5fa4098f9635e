namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void CrossEntropy(
        float* losses, float* logits, int* targets, int rowCount, int vocabularySize, nint rowStride, float gradientScale)
    {
        for (var row = 0; row < rowCount; row++)
        {
            var x = logits + (row * rowStride);
            var max = double.NegativeInfinity;
            for (var v = 0; v < vocabularySize; v++)
                max = Math.Max(max, x[v]);
            var sum = 0.0;
            for (var v = 0; v < vocabularySize; v++)
                sum += Math.Exp(x[v] - max);
            var logSumExp = max + Math.Log(sum);
            losses[row] = targets[row] < 0 ? 0 : (float)(logSumExp - x[targets[row]]);
            if (gradientScale == 0)
                continue;
            for (var v = 0; v < vocabularySize; v++)
            {
                var probability = Math.Exp(x[v] - logSumExp);
                x[v] = targets[row] < 0 ? 0 : (float)((probability - (v == targets[row] ? 1 : 0)) * gradientScale);
            }

            new Span<float>(x + vocabularySize, (int)rowStride - vocabularySize).Clear();
        }
    }
}
