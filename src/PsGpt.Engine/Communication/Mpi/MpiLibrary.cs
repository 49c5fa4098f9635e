using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Communication.Mpi;

/// <summary>
/// The few functions of the system's MPI library that are used here, bound when the program runs. None is shipped with PsGpt.
/// </summary>
/// <remarks>
/// Handles are passed as pointer-sized integers. MPICH's are 32-bit integers, which the calling conventions of x64 and Arm64 pass
/// in the low half of the same register.
/// </remarks>
internal sealed unsafe class MpiLibrary
{
    private const int LongestText = 8192;

    /// <summary>More than MPI_Status has in any ABI: 32 bytes in that of MPI 5.</summary>
    private const int LargestStatus = 128;

    private readonly Lock turn = new();
    private readonly nint library;

    private MpiLibrary(nint library, string name)
    {
        this.library = library;
        Abi = MpiAbi.Of(library, name);
    }

    /// <summary>The library's predefined handles.</summary>
    public MpiAbi Abi { get; }

    /// <summary>Loads the MPI of the launcher, or the one that <c>PSGPT_MPI</c> names.</summary>
    /// <exception cref="GptException"><c>MpiNotFound</c>.</exception>
    public static MpiLibrary Load()
    {
        var forced = Environment.GetEnvironmentVariable("PSGPT_MPI");
        string[] names = string.IsNullOrWhiteSpace(forced) ? [.. LikelyNames()] : [forced];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new MpiLibrary(library, name);
        }

        throw new GptException("MpiNotFound", GptErrorKind.NotFound,
            $"No MPI library was found on this machine (looked for {string.Join(", ", names)}). Install Open MPI or MPICH, such as "
            + "Debian's package openmpi-bin, or set PSGPT_MPI to the path of the library.");
    }

    /// <summary>MPI_Init_thread, after which errors come back as codes.</summary>
    public void Start()
    {
        var init = (delegate* unmanaged<int*, byte***, int, int*, int>)Function("MPI_Init_thread");
        var provided = 0;

        // Another thread than the one that started MPI may call it, one at a time.
        Require(init(null, null, Abi.SerializedThreads, &provided), "MPI_Init_thread");
        if (provided < Abi.SerializedThreads)
        {
            throw new GptException("CommunicationFailed", GptErrorKind.NotSupported,
                $"{Version} does not let several threads take turns (MPI_THREAD_SERIALIZED). Use a build of it with threads.");
        }

        Require(
            ((delegate* unmanaged<nint, nint, int>)Function("MPI_Comm_set_errhandler"))(Abi.World, Abi.ErrorsReturn),
            "MPI_Comm_set_errhandler");
    }

    /// <summary>MPI_Finalize; the launcher takes a process that ends without it for one that failed.</summary>
    public void Finish() => ((delegate* unmanaged<int>)Function("MPI_Finalize"))();

    /// <summary>MPI_Comm_rank and MPI_Comm_size of the world.</summary>
    public (int Rank, int Size) Place()
    {
        int rank, size;
        Require(((delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank"))(Abi.World, &rank), "MPI_Comm_rank");
        Require(((delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size"))(Abi.World, &size), "MPI_Comm_size");
        return (rank, size);
    }

    /// <summary>The first line of MPI_Get_library_version.</summary>
    public string Version
    {
        get
        {
            var text = stackalloc byte[LongestText];
            int length;
            var code = ((delegate* unmanaged<byte*, int*, int>)Function("MPI_Get_library_version"))(text, &length);
            var lines = code == 0 ? Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestText)).TrimEnd('\0') : "";

            // "Open MPI v4.1.4, package: …" and "MPICH Version:\t4.0.2".
            var line = lines.Split('\n', ',')[0].Replace(" Version:", "", StringComparison.Ordinal).Replace('\t', ' ').Trim();
            return line.Length > 0 ? line : Abi.Family;
        }
    }

    public void Barrier() => Require(((delegate* unmanaged<nint, int>)Function("MPI_Barrier"))(Abi.World), "MPI_Barrier");

    public void Broadcast(byte* data, int length, int root) =>
        Require(
            ((delegate* unmanaged<void*, int, nint, int, nint, int>)Function("MPI_Bcast"))(data, length, Abi.Byte, root, Abi.World),
            "MPI_Bcast");

    /// <summary>MPI_Allgatherv in place.</summary>
    public void AllGather(void* data, int* counts, int* offsets, nint type)
    {
        var gather = (delegate* unmanaged<nint, int, nint, void*, int*, int*, nint, nint, int>)Function("MPI_Allgatherv");
        Require(gather(Abi.InPlace, 0, type, data, counts, offsets, type, Abi.World), "MPI_Allgatherv");
    }

    /// <summary>
    /// MPI_Alltoallv over bytes. A thread of low priority leaves the processor to the others while it waits: MPI's own waits never sleep.
    /// </summary>
    public void AllToAll(void* send, int* sendCounts, int* sendOffsets, void* receive, int* receiveCounts, int* receiveOffsets)
    {
        var begin = (delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int>)Function("MPI_Ialltoallv");
        nint request = 0;
        lock (turn)
        {
            Require(
                begin(send, sendCounts, sendOffsets, Abi.Byte, receive, receiveCounts, receiveOffsets, Abi.Byte, Abi.World, &request),
                "MPI_Ialltoallv");
        }

        var isPatient = Thread.CurrentThread.Priority < ThreadPriority.Normal;
        while (!IsDone(&request))
        {
            if (isPatient)
                Thread.Sleep(1);
        }
    }

    /// <summary>MPI_Abort, also while another thread waits.</summary>
    public void Abort(int exitCode)
    {
        lock (turn)
            ((delegate* unmanaged<nint, int, int>)Function("MPI_Abort"))(Abi.World, exitCode);
    }

    private bool IsDone(nint* request)
    {
        var isDone = 0;
        var status = stackalloc byte[LargestStatus];
        lock (turn)
            Require(((delegate* unmanaged<nint*, int*, void*, int>)Function("MPI_Test"))(request, &isDone, status), "MPI_Test");
        return isDone != 0;
    }

    private static IEnumerable<string> LikelyNames()
    {
        // libmpi.so.40 is Open MPI 4 and 5; libmpi.so.12 is the MPICH ABI, which Debian's MPICH calls libmpich.so.12.
        if (OperatingSystem.IsWindows())
            return ["msmpi.dll", "impi.dll"];
        string[] open = OperatingSystem.IsMacOS() ? ["libmpi.40.dylib"] : ["libmpi.so.40"];
        string[] mpich = OperatingSystem.IsMacOS()
            ? ["libmpi.12.dylib", "libmpi_abi.1.dylib"]
            : ["libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.1"];
        return MpiLauncher.IsOpenMpi ? [.. open, .. mpich] : [.. mpich, .. open];
    }

    private nint Function(string name) => NativeLibrary.TryGetExport(library, name, out var address)
        ? address
        : throw new GptException(
            "MpiNotFound", GptErrorKind.NotSupported, $"The MPI library lacks {name}. Set PSGPT_MPI to the path of another one.");

    private void Require(int code, string call)
    {
        if (code == 0)
            return;
        var text = stackalloc byte[LongestText];
        int length;
        var isKnown = ((delegate* unmanaged<int, byte*, int*, int>)Function("MPI_Error_string"))(code, text, &length) == 0;
        var reason = isKnown ? Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestText)) : $"error {code}";
        throw new GptException(
            "CommunicationFailed", GptErrorKind.ConnectionFailed, $"{call} failed: {reason}. Look at the other ranks' messages.");
    }
}
