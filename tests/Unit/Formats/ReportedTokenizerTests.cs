using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Small tokenizers in the nature of public reports. The ids are those of Hugging Face's tokenizers.</summary>
public sealed class ReportedTokenizerTests
{
    private const string Text = "mama Kubernetes <|user|>mama!! <|endoftext|>";

    private static readonly int[] Plain =
        [268, 220, 42, 84, 65, 283, 77, 68, 83, 68, 82, 220, 27, 91, 84, 82, 283, 91, 29, 268, 0, 0, 220, 391];

    [FixtureTheory]
    [InlineData("tokenizer-first-value-null.json")]
    [InlineData("tokenizer-normalizer-empty-sequence.json")]
    [InlineData("tokenizer-sequence-of-one-bytelevel.json")]
    [InlineData("tokenizer-pad-token-is-a-byte.json")]
    [InlineData("tokenizer-normalizer-nfc-message.json")]
    public void A_file_of_an_unusual_form_gives_the_usual_ids(string name) =>
        Assert.Equal(Plain, Read(name).Encode(Text, allowSpecial: true));

    [FixtureFact]
    public void An_added_word_is_found_in_any_text()
    {
        var tokenizer = Read("tokenizer-added-word-not-special.json");
        Assert.Equal(
            [268, 220, 392, 220, 27, 91, 84, 82, 283, 91, 29, 268, 0, 0, 220, 391], tokenizer.Encode(Text, allowSpecial: true));
        Assert.Equal([268, 220, 392, 220, 27, 91, 84, 82, 283, 91, 29, 268, 0, 0, 220], tokenizer.Encode(Text).Take(15));
    }

    [FixtureFact]
    public void Chat_marks_are_tokens_where_they_are_allowed()
    {
        var tokenizer = Read("tokenizer-chat-special-tokens.json");
        Assert.Equal(
            [268, 220, 42, 84, 65, 283, 77, 68, 83, 68, 82, 220, 392, 268, 0, 0, 220, 391], tokenizer.Encode(Text, allowSpecial: true));
        Assert.Equal(Plain.SkipLast(1), tokenizer.Encode(Text).Take(Plain.Length - 1));
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text)));
    }

    [FixtureFact]
    public void A_vocabulary_without_all_bytes_encodes_texts_that_need_no_others()
    {
        var tokenizer = Read("tokenizer-trained-without-whole-alphabet.json");
        var error = Assert.Throws<GptException>(() => tokenizer.Encode(Text));
        Assert.Equal("TextOutsideVocabulary", error.ErrorId);
        const string Known = "mama";
        Assert.Equal([51], tokenizer.Encode(Known));
        Assert.Equal(Known, tokenizer.Decode([51]));
    }

    [FixtureFact]
    public void A_special_token_that_no_merge_makes_is_one()
    {
        var tokenizer = Assert.IsType<BytePairTokenizer>(Read("vocab-json-special-token-PAD"));
        Assert.Equal(392, tokenizer.SpecialTokens["PAD"]);
        Assert.Equal(Plain, tokenizer.Encode(Text, allowSpecial: true));
    }

    [FixtureTheory]
    [InlineData("merges-lone-cr")]
    [InlineData("model-encoder-json-vocab-bpe")]
    public void Pairs_of_files_are_read_whatever_their_line_ends_and_names(string name) =>
        Assert.Equal(Plain, Read(name).Encode(Text, allowSpecial: true));

    [FixtureFact]
    public void Blank_lines_may_stand_before_ranks()
    {
        var tokenizer = Read("leading-blank-line.tiktoken");
        Assert.Equal([0], tokenizer.Encode("!"));
    }

    [FixtureFact]
    public void A_prefix_space_beside_the_pair_is_obeyed()
    {
        var tokenizer = Read("model-tokenizer_config-add_prefix_space");
        Assert.True(tokenizer.AddsPrefixSpace);
        Assert.Equal(tokenizer.Encode(" mama"), tokenizer.Encode("mama"));
    }

    [FixtureFact]
    public void Added_words_beside_the_pair_are_found()
    {
        var tokenizer = Read("model-added_tokens-json-beside-vocab-merges");
        Assert.Equal([268, 393, 268], tokenizer.Encode("mamaCOVIDmama"));
        Assert.Equal("COVID", tokenizer.Decode([393]));
    }

    [FixtureFact]
    public void A_text_with_marks_has_their_tokens_where_asked()
    {
        var text = File.ReadAllText(Fixtures.PathTo("cases/files/text-with-endoftext-separators.txt"));
        var count = text.Split("<|endoftext|>").Length - 1;
        Assert.True(count > 0);
        Assert.Equal(count, TokenizerCatalog.Gpt2.Encode(text, allowSpecial: true).Count(id => id == 50256));
        Assert.DoesNotContain(50256, TokenizerCatalog.Gpt2.Encode(text));
    }

    private static Tokenizer Read(string name) => TokenizerFile.Read(Fixtures.PathTo($"cases/files/{name}"));
}
