using System.Collections;

namespace PsGpt.Tensors;

/// <summary>An axis of a tensor: its name, such as <c>token</c>, and the names of its places, such as the texts of tokens.</summary>
/// <param name="Name">The name; null for an axis without one.</param>
/// <param name="Labels">The names of the places, which may be made when they are asked for; null for an axis without them.</param>
internal sealed record TensorAxis(string? Name = null, IReadOnlyList<string>? Labels = null)
{
    /// <summary>An axis of which nothing is known.</summary>
    public static TensorAxis Unknown { get; } = new();

    /// <summary>A part of the axis.</summary>
    public TensorAxis Part(TensorIndex index) =>
        Labels is null ? this : this with { Labels = new LabelPart(Labels, index.Start, index.Count) };

    /// <summary>A part of the labels, which stay unmade until they are asked for: a vocabulary has many.</summary>
    private sealed class LabelPart(IReadOnlyList<string> labels, int start, int count) : IReadOnlyList<string>
    {
        public int Count => count;

        public string this[int index] =>
            (uint)index < (uint)count ? labels[start + index] : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<string> GetEnumerator() => Enumerable.Range(start, count).Select(place => labels[place]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
