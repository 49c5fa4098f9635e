using System.Diagnostics;
using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>
/// The first stage of a training step: a batch that went forward through a model, its loss, and the activations that the backward
/// pass needs. It holds memory until <see cref="Backward"/> or <see cref="Dispose"/>. Not for use from several threads at once.
/// </summary>
/// <remarks>
/// <c>ForwardResult.Compute</c>, <see cref="Backward"/> and <c>Trainer.Update</c> one after the other make the step of
/// <c>Trainer.Step</c>, to the last bit. The backward pass computes the head's logits once more.
/// </remarks>
public sealed class ForwardResult : IDisposable
{
    private readonly DropoutMasks dropout;
    private readonly TimeSpan elapsed;
    private GptPass? pass;

    private ForwardResult(GptPass pass, TokenBatch batch, DropoutMasks dropout, int step, CancellationToken cancellationToken)
    {
        (this.pass, this.dropout, Model, Batch, Step) = (pass, dropout, pass.Model, batch, step);
        var start = Stopwatch.GetTimestamp();
        Loss = pass.Forward(batch, dropout, cancellationToken);
        elapsed = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The name of the model.</summary>
    public string ModelName => Model.Name;

    /// <summary>The number of the training step that the result belongs to: the model's finished steps + 1.</summary>
    public int Step { get; }

    /// <summary>The mean cross-entropy of the batch in nats, with dropout.</summary>
    public float Loss { get; }

    /// <summary>The number of tokens in the batch.</summary>
    public int TokenCount => Batch.TokenCount;

    /// <summary>The time of the forward pass.</summary>
    public double Milliseconds => elapsed.TotalMilliseconds;

    /// <summary>Whether the result still holds the activations that the backward pass needs.</summary>
    public bool IsPending => pass is not null;

    private GptModel Model { get; }

    private TokenBatch Batch { get; }

    /// <summary>The model.</summary>
    public GptModel GetModel() => Model;

    /// <summary>The batch.</summary>
    public TokenBatch GetBatch() => Batch;

    /// <summary>Sends a batch forward through a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="seed">Decides with the number of the step which values are dropped out.</param>
    /// <param name="dropout">The share of values that is dropped out, 0 … below 1; null for the model's own.</param>
    /// <param name="index">The number of the batch among those of one step, from 0: each has a dropout of its own.</param>
    /// <param name="cancellationToken">Stops the call within one layer's work.</param>
    /// <exception cref="GptException">
    /// <c>SequenceTooLong</c>, <c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>NoTargets</c>: the batch does not fit the model.
    /// <c>TrainerOptionsInvalid</c>: the dropout.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static ForwardResult Compute(
        GptModel model, TokenBatch batch, ulong seed = 0, float? dropout = null, int index = 0,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        new TrainerOptions { Dropout = dropout }.Validate();
        var step = model.TrainingState.Step + 1;
        var masks = new DropoutMasks(DropoutMasks.SeedOf(seed, step, index), dropout ?? model.Configuration.Dropout);
        var pass = new GptPass(model, batch.BatchSize, batch.SequenceLength);
        try
        {
            return new ForwardResult(pass, batch, masks, step, cancellationToken);
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    /// <summary>Computes the gradients of the loss and frees the activations. It can be done once.</summary>
    /// <param name="cancellationToken">Stops the call within one layer's work; it can then be repeated.</param>
    /// <exception cref="GptException">
    /// <c>StageRepeated</c>: it was done already. <c>StageOutOfOrder</c>: the model has changed since the forward pass.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public BackwardResult Backward(CancellationToken cancellationToken = default)
    {
        var current = pass ?? throw new GptException("StageRepeated", GptErrorKind.InvalidArgument,
            $"The {this} has gone backward already, or was freed. Send the batch forward again.");
        var start = Stopwatch.GetTimestamp();
        var loss = current.Backward(Batch, dropout, cancellationToken);
        pass = null;
        return new BackwardResult(
            Model, current.TakeGradients(), Step, loss, TokenCount, elapsed + Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Frees the activations; loss and batch stay.</summary>
    public void Dispose()
    {
        pass?.Dispose();
        pass = null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"forward pass of {Batch} through '{Model.Name}' for step {Step}, loss {Loss:0.0000}");
}
