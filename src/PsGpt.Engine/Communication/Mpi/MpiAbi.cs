using System.Runtime.InteropServices;

namespace PsGpt.Communication.Mpi;

/// <summary>
/// The values of MPI's predefined handles. Programs that are compiled take them from <c>mpi.h</c>; they differ between the
/// families of implementations.
/// </summary>
/// <param name="Family">The family, for reports.</param>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="ErrorsReturn">MPI_ERRORS_RETURN.</param>
/// <param name="Byte">MPI_BYTE.</param>
/// <param name="Single">MPI_FLOAT.</param>
/// <param name="InPlace">MPI_IN_PLACE.</param>
/// <param name="SerializedThreads">MPI_THREAD_SERIALIZED.</param>
internal sealed record MpiAbi(
    string Family, nint World, nint ErrorsReturn, nint Byte, nint Single, nint InPlace, int SerializedThreads)
{
    /// <summary>MPICH, Intel MPI, MVAPICH, Cray MPICH and MS-MPI: handles are integers of 32 bits (the MPICH ABI initiative).</summary>
    private static readonly MpiAbi Mpich = new("MPICH", 0x44000000, 0x54000001, 0x4c00010d, 0x4c00040a, -1, 2);

    /// <summary>
    /// The standard ABI of MPI 5 (chapter 20, and <c>mpi.h</c> of the MPI Forum's mpi-abi-stubs): handles are small numbers in pointers.
    /// </summary>
    private static readonly MpiAbi Standard = new("MPI 5", 0x101, 0x143, 0x247, 0x210, 1, 2048);

    /// <summary>The handles of a library, recognized by its symbols.</summary>
    /// <param name="library">The loaded library.</param>
    /// <param name="name">The name that it was loaded by.</param>
    public static MpiAbi Of(nint library, string name)
    {
        // First by the name: an Open MPI behind this ABI has its own symbols too.
        if (Path.GetFileName(name).Contains("mpi_abi", StringComparison.Ordinal))
            return Standard;

        // Open MPI's handles are the addresses of objects that it exports.
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world))
        {
            nint Address(string symbol) => NativeLibrary.GetExport(library, symbol);
            return new MpiAbi(
                "Open MPI", world, Address("ompi_mpi_errors_return"), Address("ompi_mpi_byte"), Address("ompi_mpi_float"), 1, 2);
        }

        return Mpich;
    }
}
