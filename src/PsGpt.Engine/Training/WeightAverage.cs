using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// An exponential moving average of a model's weights (Polyak and Juditsky 1992; timm's <c>model_ema_decay</c>). Its decay after n steps
/// is min(decay, (1 + n) / (10 + n)), as TensorFlow's <c>ExponentialMovingAverage</c> has it, so that the first weights are soon forgotten.
/// </summary>
/// <remarks>
/// The average is a moment of the training state, so that checkpoints hold it and each rank keeps its shard of it. While it stands in the
/// model, the trained weights stand in its place: nothing is lost, and a checkpoint that is written then has the average as its model.
/// </remarks>
internal sealed unsafe class WeightAverage : IDisposable
{
    /// <summary>The name of the moment.</summary>
    public const string MomentName = "ema";

    private const int PieceLength = 1 << 14;

    private readonly OptimizerSetup setup;
    private readonly float decay;
    private readonly TensorSet other;
    private readonly MemoryLease lease;
    private readonly float[] piece = new float[PieceLength];

    /// <summary>Begins an average at the weights as they are, or continues the one of a checkpoint, which stands in the model.</summary>
    /// <param name="setup">The model, its training state and the parameters of this process.</param>
    /// <param name="decay">The share of the average that is kept from step to step, 0 to below 1.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>, <c>MomentsDivided</c>.</exception>
    public WeightAverage(OptimizerSetup setup, float decay)
    {
        (this.setup, this.decay) = (setup, decay);
        IsInModel = setup.State.Moments.ContainsKey(MomentName);
        other = setup.State.GetOrAddMoment(MomentName, setup.MomentShapes);
        lease = other.Lease();
        if (IsInModel)
            return;
        foreach (var part in setup.Parts)
        {
            var size = part.Length * sizeof(float);
            Buffer.MemoryCopy(part.PointerIn(setup.Model.Weights), part.PointerIn(other), size, size);
        }
    }

    /// <summary>Whether the average stands in the model, and the trained weights in the training state.</summary>
    public bool IsInModel { get; private set; }

    /// <summary>Takes the model's weights into the average.</summary>
    /// <param name="step">n, the number of steps of the run so far, from 1.</param>
    public void Add(int step)
    {
        var keep = MathF.Min(decay, (1f + step) / (10f + step));
        using var section = setup.Model.BeginRead();
        foreach (var part in setup.Parts)
        {
            var average = part.PointerIn(other);
            setup.Kernels.LinearCombination(average, average, keep, part.PointerIn(setup.Model.Weights), 1 - keep, part.Length);
        }
    }

    /// <summary>Puts the average into the model, or the trained weights back, to the last bit. Collective.</summary>
    /// <param name="average">Which of the two the model is to have; it may have them already.</param>
    public void Put(bool average)
    {
        if (IsInModel == average)
            return;
        using var section = setup.Model.BeginUpdate();
        foreach (var part in setup.Parts)
            Exchange(part);
        setup.Shards?.SpreadParameters(setup.Model.Weights);
        IsInModel = average;
    }

    /// <summary>Keeps average and weights where they stand, for a run that continues this one.</summary>
    public void Dispose() => lease.Dispose();

    private void Exchange(ParameterPart part)
    {
        for (nint start = 0; start < part.Length; start += PieceLength)
        {
            var length = (int)Math.Min(PieceLength, part.Length - start);
            var weights = new Span<float>(part.PointerIn(setup.Model.Weights) + start, length);
            var others = new Span<float>(part.PointerIn(other) + start, length);
            weights.CopyTo(piece);
            others.CopyTo(weights);
            piece.AsSpan(0, length).CopyTo(others);
        }
    }
}
