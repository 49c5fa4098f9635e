using PsGpt.Unit.Module;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("PsGpt.Unit.LongestFirst", "PsGpt.Unit")]

namespace PsGpt.Unit;

/// <summary>
/// Begins the Pester suite before all other tests: it takes minutes on one processor, and begun late it would run on alone at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => !collection.DisplayName.Contains(nameof(PesterTests), StringComparison.Ordinal));
}
