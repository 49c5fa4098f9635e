namespace PsGpt.Formats;

/// <summary>Files by name: a directory, or an archive.</summary>
internal interface IFileSource
{
    /// <summary>What error messages call the place of a file.</summary>
    string Describe(string name);

    /// <summary>Whether there is a file of that name.</summary>
    bool Has(string name);

    /// <summary>The names of all files.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Opens a file for reading.</summary>
    ByteSource Open(string name);
}
