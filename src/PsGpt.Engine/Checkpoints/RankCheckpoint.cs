using System.Runtime.InteropServices;
using PsGpt.Communication;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Checkpoints;

/// <summary>A checkpoint that rank 0 reads for all ranks: the others need not see its files.</summary>
internal static class RankCheckpoint
{
    private const int PieceLength = 1 << 20;

    /// <summary>Puts weights, moments and step into the models of all ranks. Collective.</summary>
    /// <param name="path">The checkpoint's directory on rank 0.</param>
    /// <param name="step">The step of the checkpoint.</param>
    /// <param name="momentShapes">The shapes of this rank's parts of the moments.</param>
    public static void Restore(
        ICommunicator communicator, string path, GptModel model, int step, IReadOnlyList<TensorShape> momentShapes)
    {
        using var section = model.BeginUpdate();
        if (communicator.Rank == 0)
        {
            using var weights = new HuggingFaceWeights(new DirectorySource(path));
            weights.CopyTo(model, progress: null, CancellationToken.None);
        }

        foreach (var tensor in model.Weights.Tensors)
        {
            for (nint start = 0; start < tensor.Length; start += PieceLength)
            {
                var piece = tensor.Range(start, (int)Math.Min(PieceLength, tensor.Length - start));
                communicator.Broadcast(MemoryMarshal.AsBytes(piece), root: 0);
            }
        }

        RankMoments.Read(communicator, path, model, momentShapes);
        model.TrainingState.Step = step;
    }
}
