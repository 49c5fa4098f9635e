namespace Help;

/// <summary>The names of types as PowerShell writes them.</summary>
internal static class PowerShellType
{
    public static string NameOf(Type type) => type.Name switch
    {
        "Int32" => "int",
        "Int64" => "long",
        "UInt64" => "ulong",
        "Single" => "float",
        "Boolean" => "bool",
        "Double" or "String" => type.Name.ToLowerInvariant(),
        _ when type.IsArray => $"{NameOf(type.GetElementType()!)}[]",
        var name => name,
    };
}
