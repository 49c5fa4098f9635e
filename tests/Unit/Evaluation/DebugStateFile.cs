using PsGpt.Tensors;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Evaluation;

/// <summary>Writes a debug state as llm.c's <c>train_gpt2.py</c> does, of the numbers that a reference model computed.</summary>
internal static class DebugStateFile
{
    public static void Write(string path, ReferenceModel reference, int version)
    {
        var (batch, expected, c) = (reference.Batch, reference.Expected, reference.Model.Configuration);
        using var gradients = new TensorSet(c.GetParameterShapes());
        reference.Fill("grad.", gradients);
        using var writer = new BinaryWriter(File.Create(path));
        int[] header = [20240327, version, batch.BatchSize, batch.SequenceLength];
        for (var i = 0; i < 256; i++)
            writer.Write(i < header.Length ? header[i] : 0);
        foreach (var id in expected.Integers("inputs").Concat(expected.Integers("targets")))
            writer.Write(id);
        foreach (var logit in expected.Floats("logits"))
            writer.Write(logit);
        writer.Write((float)expected.Doubles("loss")[0]);
        foreach (var tensor in gradients.Tensors)
        {
            var count = tensor.Name == "wte" && version == 1 ? c.VocabularySize * c.ChannelCount : (int)tensor.Length;
            foreach (var value in tensor.Span[..count])
                writer.Write(value);
        }
    }
}
