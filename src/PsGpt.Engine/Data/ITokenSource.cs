using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>
/// A list of token ids that can be read at any place and need not be in memory. It knows the tokenizer that made the ids.
/// </summary>
public interface ITokenSource
{
    /// <summary>The number of ids.</summary>
    long Count { get; }

    /// <summary>The name of the tokenizer that made the ids, or null where it is not known.</summary>
    string? TokenizerName { get; }

    /// <summary>
    /// The tokenizer itself, or null where at most its name is known. A method, since a property would drag a whole vocabulary into
    /// JSON and into the results of jobs.
    /// </summary>
    Tokenizer? GetTokenizer();

    /// <summary>Copies ids. Safe to call from several threads.</summary>
    /// <param name="start">The place of the first, 0 … <see cref="Count"/>.</param>
    /// <param name="destination">Takes as many ids as it is long; all of them lie within the source.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ids do not lie within the source.</exception>
    void CopyTo(long start, Span<int> destination);
}
