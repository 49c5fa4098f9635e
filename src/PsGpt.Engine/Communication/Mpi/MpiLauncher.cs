namespace PsGpt.Communication.Mpi;

/// <summary>
/// How this process was started: <c>mpirun</c>, <c>mpiexec</c> and <c>srun</c> leave the number of ranks in environment variables,
/// each family in its own.
/// </summary>
public static class MpiLauncher
{
    private static readonly string[] SizeVariables =
        ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS", "MSMPI_RANK_COUNT", "MV2_COMM_WORLD_SIZE"];

    private static readonly string[] RankVariables =
        ["OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "MV2_COMM_WORLD_RANK"];

    /// <summary>The number of this process among those of the launcher, from 0; null if no launcher started it.</summary>
    public static int? Rank => RankVariables.Select(Environment.GetEnvironmentVariable)
        .Where(text => text is not null).Select(text => int.TryParse(text, out var rank) ? rank : (int?)null).FirstOrDefault();

    /// <summary>The number of ranks that the launcher started, or null if no launcher did.</summary>
    public static int? RankCount
    {
        get
        {
            foreach (var variable in SizeVariables)
            {
                if (int.TryParse(Environment.GetEnvironmentVariable(variable), out var size))
                    return size;
            }

            // Slurm sets its variables for batch scripts as well, which srun alone gives a PMI.
            var isStep = Environment.GetEnvironmentVariable("PMIX_RANK") is not null
                || Environment.GetEnvironmentVariable("PMI_RANK") is not null;
            return isStep && int.TryParse(Environment.GetEnvironmentVariable("SLURM_NTASKS"), out var tasks) ? tasks : null;
        }
    }

    /// <summary>Whether the launcher is Open MPI's.</summary>
    internal static bool IsOpenMpi => Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is not null;
}
