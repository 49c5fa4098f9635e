using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class CharacterTokenizerTests
{
    [FixtureFact]
    public void Shakespeare_has_65_characters_in_the_order_of_gpt_py()
    {
        var text = File.ReadAllText(Fixtures.PathTo("data/tinyshakespeare.txt"));
        var tokenizer = CharacterTrainer.Train([text]);
        Assert.Equal(65, tokenizer.VocabularySize);
        // "hii there" in Karpathy's lecture.
        Assert.Equal([46, 47, 47, 1, 58, 46, 43, 56, 43], tokenizer.Encode("hii there"));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Code_points_are_characters()
    {
        var tokenizer = CharacterTrainer.Train(["b\ud83d\ude00", "a"]);
        Assert.Equal(3, tokenizer.VocabularySize);
        Assert.Equal([0, 2, 1], tokenizer.Encode("a\ud83d\ude00b"));
    }

    [Fact]
    public void A_pair_of_surrogates_may_come_in_two_parts()
    {
        var tokenizer = CharacterTrainer.Train(["a\ud83d\ude00"]);
        var tokens = new List<int>();
        Assert.Equal(1, tokenizer.Encode("a\ud83d", isEnd: false, tokens));
        Assert.Equal(2, tokenizer.Encode("\ud83d\ude00", isEnd: true, tokens));
        Assert.Equal([0, 1], tokens);
    }

    [Fact]
    public void A_text_in_parts_gives_the_vocabulary_of_the_whole()
    {
        // As many surrogates as parts: one of the cuts falls between the halves of a character.
        var text = "a" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 20_000));
        var trainer = new CharacterTrainer();
        foreach (var part in text.Chunk(16_384))
            trainer.Append(part);
        trainer.EndText();
        Assert.Equal(CharacterTrainer.Train([text]).Characters, trainer.Train().Characters);
    }

    [Fact]
    public void Unknown_characters_and_empty_texts_are_refused()
    {
        var error = Assert.Throws<GptException>(() => CharacterTrainer.Train(["abc"]).Encode("abcd"));
        Assert.Equal("TextOutsideVocabulary", error.ErrorId);
        Assert.Contains("U+0064", error.Message, StringComparison.Ordinal);
        Assert.Equal("TextEmpty", Assert.Throws<GptException>(() => CharacterTrainer.Train([""])).ErrorId);
    }

    [Fact]
    public void The_name_follows_the_content()
    {
        Assert.Equal(CharacterTrainer.Train(["abc"]).Name, CharacterTrainer.Train(["cab", "b"]).Name);
        Assert.NotEqual(CharacterTrainer.Train(["abc"]).Name, CharacterTrainer.Train(["abd"]).Name);
    }
}
