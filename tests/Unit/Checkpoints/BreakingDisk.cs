using PsGpt.Checkpoints;

namespace PsGpt.Unit.Checkpoints;

/// <summary>
/// A disk that fails from some operation on, in the middle of it where it takes some time. It spares the wait for a real one.
/// </summary>
internal sealed class BreakingDisk(int operationCount, Func<Exception> error) : ICheckpointDisk
{
    private int left = operationCount;

    /// <summary>Whether it has failed.</summary>
    public bool IsBroken => left < 0;

    /// <summary>Whether only writing fails, as on a full disk.</summary>
    public bool StillDeletes { get; init; }

    public void CreateDirectory(string path)
    {
        Count();
        Directory.CreateDirectory(path);
    }

    public void Write(string path, Action<Stream> write)
    {
        Count();
        using var file = new FileStream(path, FileMode.CreateNew);
        using var content = new MemoryStream();
        write(content);
        try
        {
            Count();
        }
        catch
        {
            file.Write(content.GetBuffer(), 0, (int)content.Length / 2);
            throw;
        }

        content.WriteTo(file);
    }

    public void Rename(string path, string newPath)
    {
        Count();
        if (Directory.Exists(path))
            Directory.Move(path, newPath);
        else
            File.Move(path, newPath, overwrite: true);
    }

    public void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.GetFiles(path))
                Delete(file);
        }

        if (!StillDeletes && Path.Exists(path))
            Count();
        if (Directory.Exists(path))
            Directory.Delete(path);
        else
            File.Delete(path);
    }

    private void Count()
    {
        if (Interlocked.Decrement(ref left) < 0)
            throw error();
    }
}
