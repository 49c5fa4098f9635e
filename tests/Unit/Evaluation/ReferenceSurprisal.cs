using PsGpt.Model;
using PsGpt.Unit.Inspection;

namespace PsGpt.Unit.Evaluation;

internal static class ReferenceSurprisal
{
    /// <summary>The surprisal of all ids but the first in nats, by the formulas of a GPT in double precision.</summary>
    public static double[] Of(GptModel model, int[] ids)
    {
        var probabilities = new ReferenceForward(model, ids[..^1]).Values["probs"];
        var V = model.Configuration.VocabularySize;
        return [.. Enumerable.Range(1, ids.Length - 1).Select(i => -Math.Log(probabilities[((i - 1) * V) + ids[i]]))];
    }
}
