namespace PsGpt.Formats;

/// <summary>Where files are written by name: a directory.</summary>
internal interface IFileTarget
{
    /// <summary>Makes a file. When the call returns, the disk has it.</summary>
    void Write(string name, Action<Stream> write);
}
