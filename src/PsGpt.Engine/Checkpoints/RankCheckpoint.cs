using System.Runtime.InteropServices;
using PsGpt.Communication;
using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>A checkpoint that rank 0 reads for all ranks: the others need not see its files.</summary>
internal static class RankCheckpoint
{
    private const int PieceLength = 1 << 20;

    /// <summary>
    /// Puts weights, moments and step into the models of all ranks. All of them are read before any model is touched, for which a second
    /// copy is in memory meanwhile: where this fails on one rank, it fails on all, and all models are as they were. Collective.
    /// </summary>
    /// <param name="run">The run of this rank.</param>
    /// <param name="files">The checkpoint's files on rank 0; not looked at elsewhere.</param>
    /// <param name="step">The step of the checkpoint.</param>
    /// <exception cref="GptException"><c>ReadFailed</c>, <c>CheckpointMismatch</c>, <c>OutOfMemory</c>.</exception>
    public static void Restore(TrainingRun run, IFileSource files, int step)
    {
        var (communicator, model) = (run.Communicator, run.Model);
        using var whole = communicator.Together(
            () => DiskFailure.Reading(files.Describe(HuggingFaceShards.WeightsName), () => ReadWeights(communicator, files, model)));
        foreach (var tensor in whole.Weights.Tensors)
        {
            for (nint start = 0; start < tensor.Length; start += PieceLength)
            {
                var piece = tensor.Range(start, (int)Math.Min(PieceLength, tensor.Length - start));
                communicator.Broadcast(MemoryMarshal.AsBytes(piece), root: 0);
            }
        }

        RankMoments.Read(communicator, files, whole, run.MomentShapes);
        whole.TrainingState.Step = step;
        communicator.Together(() => model.TakeFrom(whole));
    }

    private static GptModel ReadWeights(ICommunicator communicator, IFileSource files, GptModel model) =>
        new GptModel(model.Configuration, model.Tokenizer, model.Name).FilledBy(whole =>
        {
            if (communicator.Rank > 0)
                return;
            using var weights = new HuggingFaceWeights(files);
            weights.CopyTo(whole, progress: null, CancellationToken.None);
        });
}
