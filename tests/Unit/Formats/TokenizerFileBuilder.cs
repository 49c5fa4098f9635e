using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Writes the files of a vocabulary as the programs do that they come from, each after its own source, to be read by ours: the
/// product's writers have no part in it.
/// </summary>
internal sealed class TokenizerFileBuilder(BytePairTokenizer tokenizer)
{
    private static readonly char[] Characters = ByteToUnicode();

    private int OrdinaryCount => 256 + tokenizer.Merges.Count;

    /// <summary>openai/gpt-2, encoder.py, <c>bytes_to_unicode</c>.</summary>
    public static char[] ByteToUnicode()
    {
        int[] bs =
        [
            .. Enumerable.Range('!', '~' - '!' + 1), .. Enumerable.Range('¡', '¬' - '¡' + 1), .. Enumerable.Range('®', 'ÿ' - '®' + 1),
        ];
        var characters = new char[256];
        var n = 0;
        for (var b = 0; b < 256; b++)
            characters[b] = (char)(bs.Contains(b) ? b : 256 + n++);
        return characters;
    }

    /// <summary>
    /// karpathy/llm.c, train_gpt2.py, <c>write_tokenizer</c>; version 1 as it was before the end of text stood in the header.
    /// </summary>
    public byte[] Llmc(int version)
    {
        using var file = new MemoryStream();
        var header = new byte[1024];
        int[] fields = [20240328, version, tokenizer.VocabularySize, version == 2 ? tokenizer.EndOfTextToken!.Value : 0];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4 * i), fields[i]);
        file.Write(header);
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            file.WriteByte(checked((byte)tokenizer.GetBytes(id).Length));
            file.Write(tokenizer.GetBytes(id));
        }

        return file.ToArray();
    }

    /// <summary>openai/tiktoken, load.py, <c>dump_tiktoken_bpe</c>.</summary>
    public byte[] Tiktoken(int count = int.MaxValue) => Encoding.ASCII.GetBytes(string.Concat(
        from rank in Enumerable.Range(0, Math.Min(count, OrdinaryCount))
        select $"{Convert.ToBase64String(tokenizer.GetBytes(rank))} {rank}\n"));

    /// <summary>The older pair of openai/gpt-2; special tokens stand in the vocabulary.</summary>
    public byte[] Vocabulary() => Write(WriteVocabulary);

    public byte[] Merges() => Encoding.UTF8.GetBytes(
        string.Concat(MergesInOrder().Select(merge => $"{merge.Left} {merge.Right}\n").Prepend("#version: 0.2\n")));

    /// <summary>
    /// As huggingface/tokenizers write it from 0.20 on, or as openai-community/gpt2 has it from the first years: merges are strings, and
    /// the model has no type.
    /// </summary>
    public byte[] Json(bool isNew) => Write(writer => WriteJson(writer, MergesInOrder(), isNew, wholeTokens: false));

    /// <summary>
    /// huggingface/transformers, convert_slow_tokenizer.py, TikTokenConverter: every way to cut a token into two tokens is a merge of it.
    /// </summary>
    public byte[] ConvertedJson() => Write(writer => WriteJson(writer, AllMerges(), isNew: true, wholeTokens: true));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(writer);
        return stream.ToArray();
    }

    private string TextOf(int id) => string.Concat(tokenizer.GetBytes(id).ToArray().Select(value => Characters[value]));

    private IEnumerable<(string Left, string Right)> MergesInOrder() =>
        tokenizer.Merges.Select(merge => (TextOf(merge.Left), TextOf(merge.Right)));

    private IEnumerable<(string Left, string Right)> AllMerges()
    {
        var ranks = Enumerable.Range(0, OrdinaryCount).ToDictionary(TextOf, StringComparer.Ordinal);
        foreach (var (token, _) in ranks.Skip(256))
        {
            var cuts = from length in Enumerable.Range(1, token.Length - 1)
                       let pair = (Left: token[..length], Right: token[length..])
                       where ranks.ContainsKey(pair.Left) && ranks.ContainsKey(pair.Right)
                       orderby ranks[pair.Left], ranks[pair.Right]
                       select pair;
            foreach (var cut in cuts)
                yield return cut;
        }
    }

    private void WriteVocabulary(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        var special = tokenizer.SpecialTokens.ToDictionary(token => token.Value, token => token.Key);
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (special.TryGetValue(id, out var text) || id < OrdinaryCount + special.Keys.Count(other => other < id))
                writer.WriteNumber(text ?? TextOf(id), id);
        }

        writer.WriteEndObject();
    }

    private void WriteJson(Utf8JsonWriter writer, IEnumerable<(string Left, string Right)> merges, bool isNew, bool wholeTokens)
    {
        writer.WriteStartObject();
        writer.WriteString("version", "1.0");
        writer.WriteStartArray("added_tokens");
        foreach (var (text, id) in tokenizer.SpecialTokens)
        {
            writer.WriteRawValue($$"""
                {"id":{{id}},"content":{{JsonSerializer.Serialize(text)}},
                "single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":true}
                """);
        }

        writer.WriteEndArray();
        writer.WriteNull("normalizer");
        writer.WritePropertyName("pre_tokenizer");
        writer.WriteRawValue(PreTokenizers[tokenizer.PreTokenizer.Name]);
        writer.WritePropertyName("model");
        var (first, last) = isNew
            ? ("\"type\":\"BPE\",", $"\"byte_fallback\":false,\"ignore_merges\":{(wholeTokens ? "true" : "false")},")
            : ("", "");
        writer.WriteRawValue($$"""
            {{{first}}"dropout":null,"unk_token":null,"continuing_subword_prefix":"","end_of_word_suffix":"","fuse_unk":false,
            {{last}}"vocab":{{Encoding.UTF8.GetString(Vocabulary())}},"merges":{{MergeList(merges, asLists: isNew)}}}
            """);
        writer.WriteEndObject();
    }

    private static string MergeList(IEnumerable<(string Left, string Right)> merges, bool asLists)
    {
        var list = merges.Select(merge => asLists ? (object)new[] { merge.Left, merge.Right } : $"{merge.Left} {merge.Right}");
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return Encoding.UTF8.GetString(Write(writer => JsonSerializer.Serialize(writer, list, options)));
    }

    // As in the files of openai-community/gpt2, Xenova/gpt-4 ("Removed", inverted) and what TikTokenConverter makes of o200k_base.
    private static readonly Dictionary<string, string> PreTokenizers = new()
    {
        ["gpt2"] = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}""",
        ["cl100k_base"] = Sequence(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|"
                + "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "Removed", "true"),
        ["o200k_base"] = Sequence(
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
                + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
                + "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "Isolated", "false"),
    };

    private static string Sequence(string pattern, string behavior, string invert) => $$"""
        {"type":"Sequence","pretokenizers":[
        {"type":"Split","pattern":{"Regex":{{JsonSerializer.Serialize(pattern)}}},"behavior":"{{behavior}}","invert":{{invert}}},
        {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
        """;
}
