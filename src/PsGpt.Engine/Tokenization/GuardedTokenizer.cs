using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A tokenizer of another assembly: where it throws or breaks its contract, the error names it.</summary>
internal sealed class GuardedTokenizer : Tokenizer
{
    private readonly Tokenizer inner;
    private readonly PluginGuard guard;

    public GuardedTokenizer(Tokenizer inner, PluginGuard guard)
    {
        (this.inner, this.guard) = (inner, guard);
        Name = guard.Get(() => inner.Name);
        VocabularySize = guard.Get(() => inner.VocabularySize);
        guard.Require(VocabularySize > 0, $"has a vocabulary of {VocabularySize} tokens");
        int? endOfText = null;
        guard.Run(() => endOfText = inner.EndOfTextToken);
        EndOfTextToken = endOfText;
        EndOfTextTokens = guard.Get(() => inner.EndOfTextTokens);
        AddedTokens = guard.Get(() => inner.AddedTokens);
        foreach (var id in EndOfTextTokens)
            RequireId(id);
    }

    public override string Name { get; }

    public override int VocabularySize { get; }

    public override int? EndOfTextToken { get; }

    public override IReadOnlyList<int> EndOfTextTokens { get; }

    public override IReadOnlyList<AddedToken> AddedTokens { get; }

    public override bool AddsPrefixSpace => inner.AddsPrefixSpace;

    internal override TextNormalizer? Normalizer => inner.Normalizer;

    public override ReadOnlySpan<byte> GetSpan(int token)
    {
        RequireInVocabulary(token);
        var bytes = Array.Empty<byte>();
        guard.Run(() => bytes = inner.GetSpan(token).ToArray());
        return bytes;
    }

    public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var count = tokens.Count;
        var encoded = 0;
        try
        {
            guard.Run(new Call(inner, text, isEnd, tokens, ref encoded), static call => call.Run());
            guard.Require(encoded >= 0 && encoded <= text.Length, $"encoded {encoded} of {text.Length} characters");
            guard.Require(!isEnd || encoded == text.Length, $"left {text.Length - encoded} characters at the end of a text");
            for (var i = count; i < tokens.Count; i++)
                RequireId(tokens[i]);
        }
        catch
        {
            tokens.RemoveRange(Math.Min(count, tokens.Count), Math.Max(0, tokens.Count - count));
            throw;
        }

        return encoded;
    }

    private void RequireId(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            throw guard.Broken($"gave the id {id}, outside its vocabulary of {VocabularySize} tokens");
    }

    private readonly ref struct Call(Tokenizer tokenizer, ReadOnlySpan<char> text, bool isEnd, List<int> tokens, ref int encoded)
    {
        private readonly ReadOnlySpan<char> text = text;
        private readonly ref int encoded = ref encoded;

        public void Run() => encoded = tokenizer.Encode(text, isEnd, tokens);
    }
}
