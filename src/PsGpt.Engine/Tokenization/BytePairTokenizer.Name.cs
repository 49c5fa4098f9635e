using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PsGpt.Tokenization;

/// <content>The name, which follows from the content of the vocabulary, so that equal names mean equal ids.</content>
public sealed partial class BytePairTokenizer
{
    /// <summary>The usual names of vocabularies, by SHA-256: one that was read from a file is known again.</summary>
    private static readonly Dictionary<string, string> WellKnownNames = new()
    {
        ["72987529b0cb3ed1b84b3d596104072c082b1cc615c330e6a98c15a96db92f7b"] = "gpt2",
        ["e96c6192626f82441dda1bf5c901e7a3a2a176eefb783be3377e9e16cb4d7bde"] = "cl100k_base",
        ["196288911710ae09e64522da873d3e1976fa6f80796d1c0769a93e9743d380e1"] = "o200k_base",
        ["2200b4a6e1c35fae438812824e45a627b1f281cf805d932ba485be342d4e9f47"] = "p50k_base",
        ["10dc4b604dc5597bd0c55a48ff9a33898d901a06aaadfa136b8dc13e56a17c17"] = "p50k_edit",
        ["4aced64213107c3f8e27bbb88a0cae94c47c096f47267392da9cac3cdd5a4fc4"] = "o200k_harmony",
    };

    private string FindName()
    {
        var fingerprint = Fingerprint();
        return WellKnownNames.GetValueOrDefault(fingerprint) ?? $"bpe{VocabularySize}-{fingerprint[..8]}";
    }

    /// <summary>The SHA-256 of everything that ids depend on: pre-tokenizer, bytes, merges in their order, added tokens.</summary>
    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendText(hash, PreTokenizer.Name);
        hash.AppendData([.. ByteOrder]);
        var pairs = new byte[8 * Merges.Count];
        for (var i = 0; i < Merges.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(pairs.AsSpan(8 * i), Merges[i].Left);
            BinaryPrimitives.WriteInt32LittleEndian(pairs.AsSpan((8 * i) + 4), Merges[i].Right);
        }

        AppendNumber(hash, Merges.Count);
        hash.AppendData(pairs);
        // Without a normalizer it only matters whether a token is looked for before others.
        var hasOrder = Normalizer is not null || AddedTokens.DistinctBy(token => token.IsNormalized).Skip(1).Any();
        foreach (var token in AddedTokens.OrderBy(token => token.Id))
        {
            AppendText(hash, token.Text);
            AppendNumber(hash, token.Id);
            if (Flags(token, hasOrder) is > 0 and var flags)
                AppendNumber(hash, flags);
        }

        if (AddsPrefixSpace)
            AppendText(hash, "prefix space");
        if (Normalizer is { } normalizer)
            AppendText(hash, $"normalizer {string.Join(' ', normalizer.Steps)}");
        if (HasOwnOrder)
        {
            foreach (var id in MergedIds)
                AppendNumber(hash, id);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>How a token is found, where that differs from a plain special token.</summary>
    private static int Flags(AddedToken token, bool hasOrder)
    {
        bool[] flags =
        [
            !token.IsSpecial, token.IsSingleWord, token.StripsLeft, token.StripsRight, hasOrder && token.IsNormalized, token.IsMerged,
        ];
        return flags.Select((flag, i) => flag ? 1 << i : 0).Sum();
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendNumber(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
