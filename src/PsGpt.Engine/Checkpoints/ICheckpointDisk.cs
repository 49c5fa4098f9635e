namespace PsGpt.Checkpoints;

/// <summary>What checkpoints need of a disk. After each call the disk has what was done: a power failure does not take it back.</summary>
internal interface ICheckpointDisk
{
    /// <summary>Makes an empty directory.</summary>
    void CreateDirectory(string path);

    /// <summary>Makes a file.</summary>
    void Write(string path, Action<Stream> write);

    /// <summary>Gives a file or directory another name beside the old one, in one step. A file replaces one of that name, a directory does not.</summary>
    void Rename(string path, string newPath);

    /// <summary>Removes a file or a directory with all that is in it, where there is one.</summary>
    void Delete(string path);
}
