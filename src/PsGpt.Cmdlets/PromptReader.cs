using System.Text;
using PsGpt.Data;
using PsGpt.Generation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Turns what <see cref="PromptTransformationAttribute"/> lets through into requests.</summary>
/// <param name="cmdlet">The cmdlet that Ctrl+C stops.</param>
internal sealed class PromptReader(GptCmdlet cmdlet)
{
    private readonly SortedSet<string> ignored = new(StringComparer.Ordinal);

    /// <summary>The special tokens whose texts in prompts are read as plain text, since they are not allowed.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => ignored;

    /// <summary>Checks a prompt, and reads it where it is a file.</summary>
    /// <param name="generator">A generator of the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="prompt">Tokens, a file or text.</param>
    /// <param name="options">How it is continued.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>, or an error of the file or of the request.</exception>
    public CompletionRequest RequestOf(TextGenerator generator, GptModel model, object prompt, SamplingOptions options)
    {
        if (prompt is TokenSequence tokens)
        {
            model.RequireTokenizer(tokens.TokenizerName);
            return generator.Request(tokens.Ids, options);
        }

        var request = generator.Request(TextOf(prompt), options);
        ignored.UnionWith(request.IgnoredSpecialTokens);
        return request;
    }

    /// <summary>The tokens of a prompt, in the ids of a model.</summary>
    /// <exception cref="GptException">
    /// <c>TokenizerMismatch</c>, <c>TokenizerMissing</c>, <c>TextOutsideVocabulary</c>, or an error of the file.
    /// </exception>
    public int[] TokensOf(GptModel model, object prompt)
    {
        if (prompt is TokenSequence tokens)
        {
            model.RequireTokenizer(tokens.TokenizerName);
            return tokens.Ids;
        }

        return model.RequireTokenizer().Encode(TextOf(prompt));
    }

    private string TextOf(object prompt) => prompt is FileInfo file ? Read(file) : prompt.ToString()!;

    private string Read(FileInfo file)
    {
        var text = new StringBuilder();
        foreach (var piece in TextFile.Read(file.FullName, cancellationToken: cmdlet.StopToken))
            text.Append(piece);
        return text.ToString();
    }
}
