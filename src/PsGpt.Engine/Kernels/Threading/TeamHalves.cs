using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Threading;

/// <summary>
/// Two teams of half as many threads as a team has, for work that falls into two halves. Each runs its own loops, so that its results
/// stay in the caches of its threads. The team that finishes first helps the other.
/// </summary>
internal sealed unsafe class TeamHalves
{
    private static readonly ConditionalWeakTable<ThreadTeam, TeamHalves> Known = [];

    private readonly ThreadTeam team;

    private TeamHalves(ThreadTeam team)
    {
        this.team = team;
        (First, Second) = IsSplit ? (new ThreadTeam(team.ThreadCount / 2), new ThreadTeam(team.ThreadCount / 2)) : (team, team);
    }

    /// <summary>
    /// The halves of a team, started when they are first asked for. A team with an odd number of threads does one half after the other.
    /// </summary>
    public static TeamHalves Of(ThreadTeam team) => Known.GetValue(team, whole => new TeamHalves(whole));

    public ThreadTeam First { get; }

    public ThreadTeam Second { get; }

    private bool IsSplit => team.ThreadCount % 2 == 0;

    /// <summary>Does the items 0 and 1, whose loops run on <see cref="First"/> and <see cref="Second"/>.</summary>
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

            // A thread that does both halves has no team to help.
            if (end - start == 1)
                (start == 0 ? halves.Second : halves.First).HelpUntil(ref areDone[1 - start]);
        }
    }
}
