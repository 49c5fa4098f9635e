namespace PsGpt.Model;

/// <summary>Shortens the context of a model (nanoGPT's <c>crop_block_size</c>), which saves memory and time.</summary>
public static class ContextCrop
{
    /// <summary>Makes a copy with fewer positions. Its training begins anew.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="contextLength">The longest sequence that the copy takes, 1 to the model's own.</param>
    /// <param name="cancellationToken">Stops the call within a tensor.</param>
    /// <exception cref="GptException"><c>ContextLengthInvalid</c>, <c>ModelInUse</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static GptModel Crop(GptModel model, int contextLength, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (contextLength < 1 || contextLength > model.Configuration.ContextLength)
        {
            throw new GptException("ContextLengthInvalid", GptErrorKind.InvalidArgument,
                $"The context of '{model.Name}' has {model.Configuration.ContextLength} positions and cannot get {contextLength}: "
                + $"it has learnt no others. Give 1 to {model.Configuration.ContextLength}.");
        }

        using var copy = model.BeginCopy();
        var configuration = model.Configuration with { ContextLength = contextLength };
        return new GptModel(configuration, model.Tokenizer, model.Name, model.DataType, model.OwnEndOfText).FilledBy(cropped =>
        {
            // The positions come first in their tensor; all other tensors are the same.
            foreach (var (source, target) in model.Weights.Tensors.Zip(cropped.Weights.Tensors))
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var row = 0; row < target.Sizes[0]; row++)
                    source.Slice(row).CopyTo(target.Slice(row));
            }
        });
    }
}
