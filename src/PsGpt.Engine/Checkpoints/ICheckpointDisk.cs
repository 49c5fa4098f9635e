namespace PsGpt.Checkpoints;

/// <summary>The operations on a disk that checkpoints need. Each returns when a power failure can no longer undo it.</summary>
internal interface ICheckpointDisk
{
    /// <summary>Makes an empty directory.</summary>
    void CreateDirectory(string path);

    /// <summary>Makes a file.</summary>
    void Write(string path, Action<Stream> write);

    /// <summary>
    /// Renames a file or directory within its directory, in one step. A file replaces one of that name, a directory does not.
    /// </summary>
    void Rename(string path, string newPath);

    /// <summary>Removes a file or a directory with its content, if it exists.</summary>
    void Delete(string path);
}
