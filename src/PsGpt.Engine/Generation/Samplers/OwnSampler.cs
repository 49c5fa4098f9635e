namespace PsGpt.Generation;

/// <summary>A sampler that a user puts into a chain: an object, or a name of <see cref="SamplerCatalog"/>.</summary>
public sealed record OwnSampler
{
    private OwnSampler(string? name, ISampler? sampler) => (Name, Sampler) = (name, sampler);

    /// <summary>The name of a registered sampler, of which each text gets a new one; null for an object.</summary>
    public string? Name { get; }

    /// <summary>The object, which all texts share; null for a name.</summary>
    public ISampler? Sampler { get; }

    /// <summary>A registered sampler.</summary>
    public static OwnSampler Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new OwnSampler(name, sampler: null);
    }

    /// <summary>An object.</summary>
    public static OwnSampler Of(ISampler sampler)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        return new OwnSampler(name: null, sampler);
    }
}
