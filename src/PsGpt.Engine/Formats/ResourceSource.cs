using System.Reflection;

namespace PsGpt.Formats;

/// <summary>The files of a directory among the resources of an assembly: each is named <c>directory/file</c>.</summary>
/// <param name="assembly">The assembly.</param>
/// <param name="directory">The directory.</param>
internal sealed class ResourceSource(Assembly assembly, string directory) : IFileSource
{
    public string Describe(string name) => $"{directory}/{name}";

    public bool Has(string name) => assembly.GetManifestResourceInfo(Describe(name)) is not null;

    public IEnumerable<string> Names =>
        from name in assembly.GetManifestResourceNames()
        where name.StartsWith(Describe(""), StringComparison.Ordinal)
        select name[Describe("").Length..];

    public ByteSource Open(string name) => assembly.GetManifestResourceStream(Describe(name)) is UnmanagedMemoryStream stream
        ? new ResourceBytes(stream)
        : throw new FileNotFoundException(Describe(name));
}
