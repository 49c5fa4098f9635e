using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tensors;

namespace PsGpt.Formats;

/// <summary>A kind of file, or of directory, that holds a model.</summary>
public interface IModelFormat : IPlugin
{
    /// <summary>Whether a path holds this format, told by its content. Never throws for a path that exists.</summary>
    bool Recognizes(string path);

    /// <summary>Reads a model.</summary>
    /// <param name="path">A file or directory that exists.</param>
    /// <param name="options">The model's tokenizer, and where progress and warnings go.</param>
    /// <param name="cancellationToken">Stops the call within a part of a tensor.</param>
    /// <exception cref="GptException">The content is broken; the id says how.</exception>
    GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken);

    /// <summary>Writes a model to a path that does not exist; <see cref="ModelFile"/> moves it into place.</summary>
    /// <param name="progress">
    /// Is told the share of the weights that has been written, 0 to 1, on the thread of the call; may be null.
    /// </param>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: the format has no room for this variant or data type.</exception>
    void Write(GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken);

    /// <summary>Writes the files that belong beside a model of one file, once that is in its place; most formats have none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where it was written.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <param name="warn">Takes the reason where such a file was not written.</param>
    void WriteBeside(GptModel model, string path, bool overwrite, Action<string> warn)
    {
    }
}
