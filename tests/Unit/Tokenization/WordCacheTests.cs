using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class WordCacheTests
{
    [Fact]
    public void A_word_is_found_whatever_follows_it()
    {
        var cache = new WordCache();
        cache.Add(" word", [1, 2, 3]);
        Assert.Equal([1, 2, 3], cache.Find(" word", 5));
        Assert.Equal([1, 2, 3], cache.Find(" word and then some more text", 5));
        Assert.Equal([], cache.Find(" words", 6));
        Assert.Equal([], cache.Find(" word", 4));
    }

    [Fact]
    public void Words_of_every_length_up_to_the_longest_are_kept_apart_from_those_with_zeros_behind()
    {
        var cache = new WordCache();
        for (var length = 1; length <= WordCache.LongestWord; length++)
        {
            var word = new string('\u4e2d', length);
            cache.Add(word, [length]);
            Assert.Equal([length], cache.Find(word + "x", length));
            Assert.Equal([], cache.Find(word + "\0", length + 1));
        }
    }

    [Fact]
    public void Thousands_of_words_are_kept_at_the_same_time()
    {
        const int Count = 8000;
        var cache = new WordCache();
        foreach (var id in Enumerable.Range(0, 2 * Count))
            cache.Add($" word{id % Count}", [id % Count]);
        var found = Enumerable.Range(0, Count).Where(id => cache.Find($" word{id}", $" word{id}".Length) is [var only] && only == id);
        Assert.InRange(found.Count(), Count * 3 / 4, Count);
    }

    [Fact]
    public void What_does_not_fit_is_not_kept()
    {
        var cache = new WordCache();
        cache.Add("many", [1, 2, 3, 4, 5, 6, 7, 8]);
        cache.Add(new string('a', WordCache.LongestWord + 1), [1]);
        Assert.Equal([], cache.Find("many", 4));
        Assert.Equal([], cache.Find(new string('a', WordCache.LongestWord + 1), WordCache.LongestWord));
    }

    [Fact]
    public void An_encoder_is_lent_to_one_at_a_time_and_comes_back()
    {
        var pool = new PreTokenEncoderPool(() => new PreTokenEncoder(new MergeTable(0), new int[256]));
        var (first, second) = (pool.Rent(place: 0), pool.Rent(place: 0));
        Assert.NotSame(first, second);
        pool.Return(first, place: 0);
        pool.Return(second, place: 1);

        // On one processor there is one place.
        if (Environment.ProcessorCount > 1)
            Assert.Same(second, pool.Rent(place: 1));
        Assert.Same(first, pool.Rent(place: 0));
        Assert.NotSame(first, pool.Rent(place: 0));
    }
}
