using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class BytePairTrainerTests
{
    private static BytePairTokenizer Train(int vocabularySize, params IEnumerable<string> texts)
    {
        var trainer = new BytePairTrainer();
        foreach (var text in texts)
            trainer.Add(text);
        return trainer.Train(vocabularySize);
    }

    [Fact]
    public void Merges_are_those_of_a_count_of_all_pairs_after_each_merge()
    {
        var texts = SampleText.Generate(6, 3, SampleTheme.Forest).Append("aaaa aaa aaaaa bababab 'tis 'twas 12 12 121212").ToArray();
        var tokenizer = Train(400, texts);
        Assert.Equal(400, tokenizer.VocabularySize);
        Assert.Equal(399, tokenizer.EndOfTextToken);
        Assert.Equal(PlainMerges(texts, 400 - 257), tokenizer.Merges);
    }

    [Fact]
    public void Training_is_deterministic_and_names_the_vocabulary_after_its_content()
    {
        var stories = SampleText.Generate(5, 1, SampleTheme.Forest).ToArray();
        Assert.Equal(Train(300, stories).Name, Train(300, stories).Name);
        Assert.NotEqual(Train(300, stories).Name, Train(301, stories).Name);
        Assert.NotEqual(Train(300, stories).Name, Train(300, SampleText.Generate(5, 1, SampleTheme.Sea)).Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4099)]
    [InlineData(20_000)]
    public void A_text_in_parts_gives_the_vocabulary_of_the_whole(int partLength)
    {
        var text = string.Join("\n\n \n", SampleText.Generate(100, 4, SampleTheme.Forest));
        var trainer = new BytePairTrainer();
        foreach (var part in text.Chunk(partLength))
            trainer.Append(part);
        trainer.EndText();

        // All merges that there are: a single word cut in two would change the last ones.
        Assert.Equal(Train(1 << 20, text).Merges, trainer.Train(1 << 20).Merges);
    }

    [Fact]
    public void A_text_without_repeats_gives_a_smaller_vocabulary()
    {
        var tokenizer = Train(1000, "abc");
        Assert.Equal(257, tokenizer.VocabularySize);
        Assert.Equal("any text \u00e9", tokenizer.Decode(tokenizer.Encode("any text \u00e9")));
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Equal("VocabularySizeInvalid", Assert.Throws<GptException>(() => Train(256, "abc")).ErrorId);
        Assert.Equal("TextEmpty", Assert.Throws<GptException>(() => Train(300, "")).ErrorId);
    }

    [Fact]
    public void A_stopped_training_ends()
    {
        var trainer = new BytePairTrainer();
        trainer.Add("ababab");
        Assert.Throws<OperationCanceledException>(() => trainer.Train(300, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Another_split_may_be_chosen()
    {
        var trainer = new BytePairTrainer(new O200kPreTokenizer());
        trainer.Add("aB aB aB");
        var tokenizer = trainer.Train(300);
        Assert.Equal("o200k_base", tokenizer.PreTokenizer.Name);

        // GPT-2 would merge " a" and "B".
        Assert.Equal(["a", "B", " a", "B"], tokenizer.Encode("aB aB").Select(id => tokenizer.Decode([id])));
    }

    /// <summary>Sennrich's algorithm word for word: count everything, merge the most frequent, start again.</summary>
    private static List<(int Left, int Right)> PlainMerges(string[] texts, int count)
    {
        var preTokenizer = new Gpt2PreTokenizer();
        var words = new List<List<int>>();
        foreach (var text in texts)
        {
            for (var rest = text; rest.Length > 0;)
            {
                var length = preTokenizer.GetPreTokenLength(rest, isEnd: true);
                words.Add([.. System.Text.Encoding.UTF8.GetBytes(rest[..length]).Select(value => (int)value)]);
                rest = rest[length..];
            }
        }

        var merges = new List<(int Left, int Right)>();
        for (var id = 256; id < 256 + count; id++)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key).First().Key;
            merges.Add(best);
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) != best)
                        continue;
                    word[i] = id;
                    word.RemoveAt(i + 1);
                }
            }
        }

        return merges;
    }
}
