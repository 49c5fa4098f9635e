using System.Collections.Concurrent;
using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A tokenizer of another assembly: where it throws or breaks its contract, the error names it.</summary>
internal sealed class GuardedTokenizer : Tokenizer
{
    private readonly Tokenizer inner;
    private readonly PluginGuard guard;
    private bool addsPrefixSpace;

    // A call takes some microseconds, and a text has the same tokens often.
    private readonly ConcurrentDictionary<int, byte[]> spans = new();

    private readonly IReadOnlyList<AddedToken> addedTokens;
    private readonly IReadOnlyList<int> endOfTextTokens;

    public GuardedTokenizer(Tokenizer inner, PluginGuard guard)
    {
        (this.inner, this.guard) = (inner, guard);
        Name = guard.Get(() => inner.Name);
        VocabularySize = guard.Get(() => inner.VocabularySize);
        guard.Require(VocabularySize > 0, $"has a vocabulary of {VocabularySize} tokens");
        int? endOfText = null;
        guard.Run(() => endOfText = inner.EndOfTextToken);
        EndOfTextToken = endOfText;
        endOfTextTokens = guard.Get(() => Array.AsReadOnly([.. inner.GetEndOfTextTokens()]));
        addedTokens = guard.Get(inner.GetAddedTokens);
        guard.Run(() => addsPrefixSpace = inner.AddsPrefixSpace);
        foreach (var id in endOfTextTokens)
            RequireId(id);
    }

    public override string Name { get; }

    public override int VocabularySize { get; }

    public override int? EndOfTextToken { get; }

    public override IReadOnlyList<int> GetEndOfTextTokens() => endOfTextTokens;

    public override bool AddsPrefixSpace => addsPrefixSpace;

    internal override TextNormalizer? Normalizer => inner.Normalizer;

    public override IReadOnlyList<AddedToken> GetAddedTokens() => addedTokens;

    public override ReadOnlySpan<byte> GetSpan(int token)
    {
        RequireInVocabulary(token);
        return spans.GetOrAdd(token, static (id, own) => own.guard.Get(() => own.inner.GetSpan(id).ToArray()), this);
    }

    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var (given, own, encoded) = (text.ToString(), new List<int>(), 0);
        guard.Run(() => encoded = inner.Encode(given, isEnd, own));
        guard.Require(encoded >= 0 && encoded <= text.Length, $"encoded {encoded} of {text.Length} characters");
        guard.Require(!isEnd || encoded == text.Length, $"left {text.Length - encoded} characters at the end of a text");
        own.ForEach(RequireId);
        tokens.AddRange(own);
        return encoded;
    }

    private void RequireId(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            throw guard.Broken($"gave the id {id}, outside its vocabulary of {VocabularySize} tokens");
    }
}
