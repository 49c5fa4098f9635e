using System.Runtime.InteropServices;
using System.Text;

namespace PsGpt.Unit.Formats;

/// <summary>Takes safetensors files apart and puts them together, rightly or wrongly; independent of the engine's own writer.</summary>
internal sealed class SafetensorsBuilder
{
    public List<(string Name, string Type, long[] Shape, byte[] Bytes)> Tensors { get; } = [];

    /// <summary>The tensors of a file of float32.</summary>
    public static SafetensorsBuilder From(string path)
    {
        var reference = new SafetensorsReference(path);
        var builder = new SafetensorsBuilder();
        foreach (var name in reference.Names)
            builder.Tensors.Add(
                (name, "F32", [.. reference.Shape(name).Select(size => (long)size)], MemoryMarshal.AsBytes(reference.Floats(name).AsSpan())
                .ToArray()));
        return builder;
    }

    public SafetensorsBuilder Add(string name, string type, long[] shape, byte[] bytes)
    {
        Tensors.Add((name, type, shape, bytes));
        return this;
    }

    public SafetensorsBuilder Rename(Func<string, string> newName)
    {
        for (var i = 0; i < Tensors.Count; i++)
            Tensors[i] = Tensors[i] with { Name = newName(Tensors[i].Name) };
        return this;
    }

    public SafetensorsBuilder Replace(string name, Func<(string Name, string Type, long[] Shape, byte[] Bytes),
        (string Name, string Type, long[] Shape, byte[] Bytes)> change)
    {
        var i = Tensors.FindIndex(tensor => tensor.Name == name);
        Tensors[i] = change(Tensors[i]);
        return this;
    }

    public void Save(string path)
    {
        var (header, end) = (new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}"), 0L);
        foreach (var (name, type, shape, bytes) in Tensors)
        {
            header.Append($",\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(",", shape)}],");
            header.Append($"\"data_offsets\":[{end},{end += bytes.Length}]}}");
        }

        Save(path, header.Append('}').ToString(), [.. Tensors.SelectMany(tensor => tensor.Bytes)]);
    }

    public static void Save(string path, string header, byte[] buffer)
    {
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. buffer]);
    }
}
