namespace PsGpt.Kernels;

/// <summary>
/// The operators in vectors of one width, spread over a team of threads. Work is split over rows, columns, heads or blocks of
/// fixed size, never over the terms of one sum, so the number of threads does not change a bit of the result.
/// </summary>
/// <remarks>
/// Loops carry AggressiveOptimization: they would otherwise start unoptimized in a fresh session and be replaced only after
/// tens of calls, that is after the first steps of a short training run have already been slow.
/// </remarks>
/// <param name="team">The threads that share the work.</param>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>(ThreadTeam team) : IKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly Lazy<TeamHalves> halves = new(() => new TeamHalves(team));

    public string Name => TSimd.Name;

    public (IKernels First, IKernels Second) Halves => (new SimdKernels<TSimd, TVector>(halves.Value.First), new SimdKernels<TSimd, TVector>(halves.Value.Second));

    public void ForHalves<TTask>(TTask task)
        where TTask : struct, IParallelTask => halves.Value.For(task);

    /// <summary>How many items make a range worth a thread's while, given the floats that each touches.</summary>
    private static int Grain(int floatsPerItem) => Math.Max(1, 16384 / Math.Max(1, floatsPerItem));
}
