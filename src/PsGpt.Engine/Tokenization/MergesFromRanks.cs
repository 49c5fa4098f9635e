namespace PsGpt.Tokenization;

/// <summary>
/// Finds the merges of a vocabulary from its tokens in the order of their ranks, as files of tiktoken and llm.c hold them. The two
/// parts of a token are those that the merges before it make of its bytes. Encoding by these pairs gives the ids of tiktoken, which
/// merges any neighbours that make a token together: whatever it merges within a token, it merges in this order.
/// </summary>
internal static class MergesFromRanks
{
    /// <exception cref="GptException"><c>VocabularyInvalid</c>.</exception>
    public static (byte[] ByteOrder, (int Left, int Right)[] Merges) Recover(IReadOnlyList<byte[]> tokens)
    {
        if (tokens.Count < BytePairVocabulary.ByteCount || tokens.Take(BytePairVocabulary.ByteCount).Any(token => token.Length != 1))
            throw BytePairVocabulary.Invalid("its first 256 tokens are not one byte each");
        byte[] byteOrder = [.. tokens.Take(BytePairVocabulary.ByteCount).Select(token => token[0])];
        var byteTokens = BytePairVocabulary.MapBytes(byteOrder);
        var merges = new (int Left, int Right)[tokens.Count - BytePairVocabulary.ByteCount];
        var table = new MergeTable(merges.Length);
        for (var i = 0; i < merges.Length; i++)
        {
            var id = BytePairVocabulary.ByteCount + i;
            var symbols = Array.ConvertAll(tokens[id], value => byteTokens[value]);
            if (PairMerger.Merge(symbols, table) != 2)
                throw BytePairVocabulary.Invalid($"token {id} is not made of two earlier ones");
            merges[i] = (symbols[0], symbols[1]);
            table.TryAdd(symbols[0], symbols[1], id);
        }

        return (byteOrder, merges);
    }
}
