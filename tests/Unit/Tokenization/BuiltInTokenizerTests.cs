using System.Text;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class BuiltInTokenizerTests
{
    public static TheoryData<string> Names => ["gpt2", "cl100k_base", "o200k_base"];

    [FixtureTheory]
    [MemberData(nameof(Names))]
    public void Ids_are_tiktoken_s(string name)
    {
        var tokenizer = Get(name);
        using var cases = JsonDocument.Parse(File.ReadAllText(Fixtures.PathTo("fixtures/tokens/cases.json")));
        Assert.True(cases.RootElement.GetArrayLength() > 20);
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            var text = item.GetProperty("text").GetString()!;
            var expected = item.GetProperty(name).EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Assert.Equal(expected, tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(expected));
        }
    }

    [FixtureTheory]
    [InlineData("gpt2", 338_025)]
    [InlineData("cl100k_base", 301_829)]
    [InlineData("o200k_base", 297_606)]
    public void Shakespeare_has_its_known_number_of_tokens(string name, int count)
    {
        var bytes = File.ReadAllBytes(Fixtures.PathTo("data/tinyshakespeare.txt"));
        var tokens = Get(name).Encode(Encoding.UTF8.GetString(bytes));
        Assert.Equal(count, tokens.Length);
        Assert.Equal(bytes, Get(name).DecodeBytes(tokens));
    }

    [Theory]
    [InlineData("gpt2", 50257, 50256, new[] { 15496, 11, 995, 0 })]
    [InlineData("cl100k_base", 100277, 100257, new[] { 9906, 11, 1917, 0 })]
    [InlineData("o200k_base", 200019, 199999, new[] { 13225, 11, 2375, 0 })]
    public void The_vocabulary_is_OpenAI_s(string name, int size, int endOfText, int[] hello)
    {
        var tokenizer = Get(name);
        Assert.Equal((name, size, endOfText), (tokenizer.Name, tokenizer.VocabularySize, tokenizer.EndOfTextToken));
        Assert.Equal(hello, tokenizer.Encode("Hello, world!"));
        Assert.Equal("<|endoftext|>", tokenizer.Decode([endOfText]));
        Assert.DoesNotContain(endOfText, tokenizer.Encode("<|endoftext|>"));
    }

    [Theory]
    [InlineData(3, new[] { 64, 50257, 275 })]
    [InlineData(16, new[] { 64, 50270, 275 })]
    [InlineData(26, new[] { 64, 50280, 275 })]
    [InlineData(40, new[] { 64, 50271, 50278, 275 })]
    [InlineData(60, new[] { 64, 50271, 50271, 50271, 50266, 275 })]
    public void In_p50k_runs_of_spaces_are_tiktoken_s_tokens(int spaces, int[] expected)
    {
        var p50k = Get("p50k_base");
        Assert.Equal(("p50k_base", 50281, 50256), (p50k.Name, p50k.VocabularySize, p50k.EndOfTextToken));
        Assert.Equal(expected, p50k.Encode($"a{new string(' ', spaces)}b"));
        Assert.Equal(expected, Get("p50k_edit").Encode($"a{new string(' ', spaces)}b"));
    }

    [Fact]
    public void P50k_edit_has_marks_of_gaps_behind_p50k()
    {
        // The ids of the marks are those of tiktoken's openai_public.py.
        var edit = Get("p50k_edit");
        Assert.Equal(("p50k_edit", 50284, 50256), (edit.Name, edit.VocabularySize, edit.EndOfTextToken));
        Assert.Equal(
            [50281, 50282, 50283, 50256], edit.Encode("<|fim_prefix|><|fim_middle|><|fim_suffix|><|endoftext|>", allowSpecial: true));
    }

    [Fact]
    public void Harmony_has_the_ids_of_o200k_and_marks_of_conversations()
    {
        // The ids of the marks are those of tiktoken's openai_public.py.
        var harmony = Get("o200k_harmony");
        Assert.Equal(("o200k_harmony", 201_088), (harmony.Name, harmony.VocabularySize));
        Assert.Equal(
            [200006, .. Get("o200k_base").Encode("user"), 200008, 13225, 200007],
            harmony.Encode("<|start|>user<|message|>Hello<|end|>", allowSpecial: true));
        Assert.Equal(
            [199998, 199999, 200002, 200003, 200005, 200012, 200018],
            harmony.Encode(
                "<|startoftext|><|endoftext|><|return|><|constrain|><|channel|><|call|><|endofprompt|>", allowSpecial: true));
        int[] reserved = [200000, 200001, 200004, 200009, 200011, 200013, 200017, 200019, 201087];
        Assert.All(reserved, id => Assert.Equal($"<|reserved_{id}|>", harmony.Decode([id])));
    }

    [Theory]
    [InlineData("gpt-4o", "o200k_base")]
    [InlineData("gpt-4o-mini-2024-07-18", "o200k_base")]
    [InlineData("gpt-3.5-turbo-16k", "cl100k_base")]
    [InlineData("gpt-4-turbo", "cl100k_base")]
    [InlineData("gpt-5-nano", "o200k_base")]
    [InlineData("gpt-oss-120b", "o200k_harmony")]
    [InlineData("text-embedding-3-small", "cl100k_base")]
    [InlineData("code-davinci-002", "p50k_base")]
    [InlineData("text-davinci-edit-001", "p50k_edit")]
    [InlineData("ft:gpt-4o-mini-2024-07-18:org:name:id", "o200k_base")]
    [InlineData("ft:davinci-002", "cl100k_base")]
    [InlineData("davinci", "gpt2")]
    [InlineData("o1-preview", "o200k_base")]
    [InlineData("davinci-002", "cl100k_base")]
    [InlineData("o100", null)]
    [InlineData("adam", null)]
    public void A_model_has_its_encoding(string model, string? name) => Assert.Equal(name, TokenizerCatalog.FindByModel(model)?.Name);

    [Fact]
    public void In_o200k_a_mark_is_a_word_that_takes_a_contraction_along() =>
        // What tiktoken gives for U+20DD and 're...
        Assert.Equal([104513, 251, 4118, 1008], Get("o200k_base").Encode("\u20dd're..."));

    [Fact]
    public void The_long_s_is_an_s_in_contractions_without_regard_to_case()
    {
        // Unicode's CaseFolding.txt: 017F; C; 0073. GPT-2's pattern regards case.
        Assert.Equal(2, new Cl100kPreTokenizer().GetPreTokenLength("'\u017fx", isEnd: true));
        Assert.Equal(3, new O200kPreTokenizer().GetPreTokenLength("a'\u017fx", isEnd: true));
        Assert.Equal(1, new Gpt2PreTokenizer().GetPreTokenLength("'\u017fx", isEnd: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_text_has_the_ids_of_the_plain_algorithm(string name)
    {
        var tokenizer = Get(name);
        var oracle = new PlainBytePairEncoder(tokenizer);
        var random = new RandomStream(1);
        for (var i = 0; i < 1000; i++)
        {
            var text = RandomText.Next(random, 1 + random.NextInt32(30));
            Assert.Equal(oracle.Encode(text), tokenizer.Encode(text));
            Assert.Equal(Encoding.UTF8.GetBytes(text), tokenizer.DecodeBytes(tokenizer.Encode(text)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Invalid_UTF16_becomes_the_replacement_character(string name)
    {
        // Not as data of a theory: test runners pass those on as UTF-8.
        foreach (var (text, expected) in new[] { ("a\ud800b", "a\ufffdb"), ("\udc00", "\ufffd"), ("x \ud83d", "x \ufffd"),
            ("\udc00\ud800\ud800!", "\ufffd\ufffd\ufffd!") })
        {
            Assert.Equal(Get(name).Encode(expected), Get(name).Encode(text));
            Assert.Equal(expected, Get(name).Decode(Get(name).Encode(text)));
        }
    }

    [Theory]
    [InlineData("gpt2", -1)]
    [InlineData("gpt2", 50257)]
    [InlineData("gpt2", int.MaxValue)]
    [InlineData("cl100k_base", 100256)]
    [InlineData("o200k_base", 200000)]
    public void Ids_that_stand_for_nothing_are_refused(string name, int id) =>
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => Get(name).Decode([id])).ErrorId);

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var tokenizer = Get("gpt2");
        var random = new RandomStream(3);
        var texts = Enumerable.Range(0, 400).Select(_ => RandomText.Next(random, 50)).ToArray();
        var expected = texts.Select(text => tokenizer.Encode(text)).ToArray();
        Parallel.For(0, 8 * texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.Equal(expected[i % texts.Length], tokenizer.Encode(texts[i % texts.Length])));
    }

    [Fact]
    public void Text_of_known_words_is_encoded_without_allocating()
    {
        var tokenizer = Get("gpt2");
        var text = string.Concat(Enumerable.Repeat("The quick brown fox's tail, 42 na\u00efve caf\u00e9s \ud83d\ude00\n", 100));
        var tokens = new List<int>(text.Length);
        tokenizer.Encode(text, isEnd: true, tokens);
        tokens.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.Encode(text, isEnd: true, tokens);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(text, tokenizer.Decode([.. tokens]));
    }

    private static BytePairTokenizer Get(string name) => (BytePairTokenizer)TokenizerCatalog.Registry.Get(name).Tokenizer;
}
