using PsGpt.Model;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Generation;

/// <summary>Models over bytes whose answers are known in advance.</summary>
internal static class ChainModel
{
    public const int EndOfText = 4;

    /// <summary>
    /// A model that continues each byte with the one that follows it in <paramref name="bytes"/>, and the last with the end of the
    /// text. All blocks write zeros, so that the last norm sees the token's own embedding, a unit vector.
    /// </summary>
    public static GptModel Following(params byte[] bytes)
    {
        var model = New(256, contextLength: 16, new ByteTokenizer(endOfTextToken: EndOfText));
        for (var token = 0; token < 256; token++)
            model.Weights["wte"].Slice(token)[token] = 1;
        model.Weights["lnfw"].Span.Fill(1);
        for (var i = 0; i < bytes.Length; i++)
            model.Weights["lmheadw"].Slice(i + 1 < bytes.Length ? bytes[i + 1] : EndOfText)[bytes[i]] = 1;
        return model;
    }

    /// <summary>A model that always answers with logits of which only the head's bias decides.</summary>
    public static GptModel Biased(int vocabularySize, params (int Token, float Bias)[] biases)
    {
        var model = New(vocabularySize, contextLength: 16, new ByteTokenizer());
        foreach (var (token, bias) in biases)
            model.Weights["lmheadb"].Span[token] = bias;
        return model;
    }

    private static GptModel New(int vocabularySize, int contextLength, ByteTokenizer tokenizer) => new(
        new GptConfiguration
        {
            VocabularySize = vocabularySize,
            ContextLength = contextLength,
            LayerCount = 1,
            HeadCount = 1,
            ChannelCount = 256,
            HasTiedHead = false,
            HasHeadBias = true,
        },
        tokenizer,
        "chain");
}
