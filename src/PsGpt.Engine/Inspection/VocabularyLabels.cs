using System.Collections;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Inspection;

/// <summary>The texts of a vocabulary's tokens as labels of an axis. Each is made when it is asked for.</summary>
internal sealed class VocabularyLabels : IReadOnlyList<string>
{
    private readonly GptModel model;

    private VocabularyLabels(GptModel model) => this.model = model;

    /// <inheritdoc/>
    public int Count => model.Configuration.VocabularySize;

    /// <inheritdoc/>
    public string this[int index] =>
        (uint)index < (uint)Count ? TokenTexts.Of(model, index) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The axis of a tensor that has a place for each token of a model.</summary>
    public static TensorAxis AxisOf(GptModel model) => new("vocabulary", new VocabularyLabels(model));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
