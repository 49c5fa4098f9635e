namespace Help;

/// <summary>The cmdlets that a reader of a page may want next.</summary>
internal static class Neighbors
{
    /// <summary>The cmdlets that take the output of this one, emit its input, or have the same noun.</summary>
    public static IEnumerable<string> Of(Cmdlet cmdlet, IReadOnlyList<Cmdlet> all) =>
        from other in all
        where other != cmdlet && (other.Noun == cmdlet.Noun || Feeds(other, cmdlet) || Feeds(cmdlet, other))
        select other.Name;

    /// <summary>Whether an object of ours can flow from one cmdlet into the other.</summary>
    private static bool Feeds(Cmdlet from, Cmdlet to)
    {
        var taken = to.Parameters.Where(parameter => parameter.Uses.Any(use => use.TakesPipeline))
            .Select(parameter => ElementOf(parameter.Type));
        return from.OutputTypes.Where(OutputMember.IsOurs)
            .Any(emitted => taken.Any(type => OutputMember.IsOurs(type) && type.IsAssignableFrom(emitted)));
    }

    private static Type ElementOf(Type type) => type.GetElementType() ?? type;
}
