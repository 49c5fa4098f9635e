namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void DropoutForward(float* output, float* input, float* residual, nint length, DropoutMask mask)
    {
        for (nint i = 0; i < length; i++)
        {
            var kept = mask.Keeps((uint)i) ? input[i] * mask.Scale : 0;
            output[i] = kept + (residual is null ? 0 : residual[i]);
        }
    }
}
