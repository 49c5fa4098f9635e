namespace PsGpt.Unit.Communication;

/// <summary>A test that runs processes under MPI; reported as skipped where neither Open MPI nor MPICH is installed.</summary>
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute()
    {
        if (MpiRun.Installed.Count == 0)
            Skip = DisplayName = "MPI WAS NOT TESTED: there is no mpirun on this machine. Install openmpi-bin or mpich.";
    }
}
