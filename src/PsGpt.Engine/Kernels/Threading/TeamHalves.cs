namespace PsGpt.Kernels.Threading;

/// <summary>
/// Two teams, each of half as many threads as a team has, for work that falls into two halves: each does its loops for itself, so that what it
/// writes stays in the caches of its threads. Who has done with a half helps with the other.
/// </summary>
internal sealed unsafe class TeamHalves
{
    private readonly ThreadTeam team;

    /// <param name="team">The team. One whose threads are not an even number does one half after the other.</param>
    public TeamHalves(ThreadTeam team)
    {
        this.team = team;
        (First, Second) = IsSplit ? (new ThreadTeam(team.ThreadCount / 2), new ThreadTeam(team.ThreadCount / 2)) : (team, team);
    }

    public ThreadTeam First { get; }

    public ThreadTeam Second { get; }

    private bool IsSplit => team.ThreadCount % 2 == 0;

    /// <summary>Does the items 0 and 1, whose loops are those of <see cref="First"/> and <see cref="Second"/>.</summary>
    public void For<TTask>(TTask task)
        where TTask : struct, IParallelTask
    {
        if (!IsSplit)
        {
            task.Execute(0, 2);
            return;
        }

        var areDone = stackalloc int[2];
        (areDone[0], areDone[1]) = (0, 0);
        team.For(2, 1, new HalfTask<TTask>(this, task, areDone));
    }

    private readonly struct HalfTask<TTask>(TeamHalves halves, TTask task, int* areDone) : IParallelTask
        where TTask : struct, IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var half = start; half < end; half++)
            {
                try
                {
                    task.Execute(half, half + 1);
                }
                finally
                {
                    Volatile.Write(ref areDone[half], 1);
                }
            }

            // A thread that does both has none to help.
            if (end - start == 1)
                (start == 0 ? halves.Second : halves.First).HelpUntil(ref areDone[1 - start]);
        }
    }
}
