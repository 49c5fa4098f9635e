using System.Management.Automation;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Lets a parameter take a tokenizer by its name, by the path of its file or by the name of a model of OpenAI as well as by the object,
/// and that of a model by the model. The first of these that is there counts.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TokenizerTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return value switch
            {
                string text => TokenizerCatalog.Registry.Find(text)?.Tokenizer ?? Read(engineIntrinsics, text),
                FileSystemInfo file => Read(engineIntrinsics, file.FullName),
                GptModel model => model.RequireTokenizer(),
                null or Tokenizer => value,
                _ => throw new ArgumentTransformationMetadataException(
                    $"{PipedText.TypeName(inputData)} is no tokenizer. Give a tokenizer, its name, the path of its file, or a model."),
            };
        }
        catch (GptException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }

    private static Tokenizer Read(EngineIntrinsics engine, string text)
    {
        string? path = null;
        try
        {
            path = engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(text, out var provider, out _);
            var unescaped = WildcardPattern.Unescape(path);
            path = text.Length == 0 || provider.Name != "FileSystem" ? null
                : Path.Exists(path) ? path
                : Path.Exists(unescaped) ? unescaped : null;
        }
        catch (Exception exception) when (exception is SessionStateException or PSNotSupportedException or PSInvalidOperationException)
        {
            // A drive that is not there: as little a file as a name that is not there.
        }

        if (path is not null)
        {
            var report = new ArgumentReport();
            var tokenizer = TokenizerFile.Read(path, warn: report.Warn);
            report.WaitWith(tokenizer);
            return tokenizer;
        }

        return TokenizerCatalog.FindByModel(text) ?? throw new GptException("TokenizerNotFound", GptErrorKind.NotFound,
            $"There is neither a tokenizer named '{text}' nor a file or folder of that path. "
            + $"Use one of {string.Join(", ", TokenizerCatalog.Registry.All.Select(plugin => plugin.Name))}, "
            + "the name of a model of OpenAI such as gpt-4o, or the path of a tokenizer's file.");
    }
}
