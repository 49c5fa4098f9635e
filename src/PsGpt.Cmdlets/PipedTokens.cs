using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Finds token sequences in objects of the pipeline, also in those that came back from JSON, CLIXML or a job.</summary>
internal static class PipedTokens
{
    /// <summary>The tokens of an object, or null where it has none.</summary>
    /// <param name="input">A token sequence, or any object with a property <c>Ids</c> and perhaps <c>TokenizerName</c>.</param>
    public static TokenSequence? Find(object? input)
    {
        if (Unwrap(input) is TokenSequence tokens)
            return tokens;
        if (input is not PSObject { BaseObject: PSCustomObject } item || item.Properties[nameof(TokenSequence.Ids)]?.Value is not { } value)
            return null;
        if (FindIds(value) is not { } ids)
            return null;
        var name = Text(item, nameof(TokenSequence.TokenizerName));
        var source = Text(item, nameof(TokenSequence.Source));
        var part = LanguagePrimitives.TryConvertTo(item.Properties[nameof(TokenSequence.Part)]?.Value, out int number) ? number : 0;
        return name is not null && TokenizerCatalog.Registry.Find(name) is { } plugin
            ? new TokenSequence(ids, plugin.Tokenizer, source, part)
            : TokenSequence.OfName(ids, name, source, part);
    }

    /// <summary>The ids of an integer or of a list of them, also where they are texts; null where there is anything else.</summary>
    public static int[]? FindIds(object? value)
    {
        object?[] items = Unwrap(value) switch { IList list => [.. list], null => [null], var item => [item] };
        var ids = new int[items.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            if (Unwrap(items[i]) is not (int or long or short or ushort or byte or uint or string) ||
                !int.TryParse($"{items[i]}", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ids[i]))
            {
                return null;
            }
        }

        return ids;
    }

    /// <summary>The object itself, without the wrapper that PowerShell adds.</summary>
    public static object? Unwrap(object? input) =>
        input is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : input;

    /// <summary>The tokenizer that made tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="given">The tokenizer that the user names, or null.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>, <c>TokenizerUnknown</c>.</exception>
    public static Tokenizer TokenizerOf(TokenSequence tokens, Tokenizer? given)
    {
        if (given is not null && tokens.TokenizerName is { } name && name != given.Name)
        {
            throw new GptException("TokenizerMismatch", GptErrorKind.InvalidArgument,
                $"These tokens were made by '{name}', not by '{given.Name}'. Give the tokenizer that made them.");
        }

        return tokens.GetTokenizer() ?? given ?? (tokens.TokenizerName is null ? TokenizerCatalog.Gpt2 : throw new GptException(
            "TokenizerUnknown", GptErrorKind.NotFound,
            $"The tokens were made by '{tokens.TokenizerName}', which is not built in. Give that tokenizer, or the model that has it."));
    }

    private static string? Text(PSObject item, string name) =>
        Unwrap(item.Properties[name]?.Value) is string { Length: > 0 } text ? text : null;
}
