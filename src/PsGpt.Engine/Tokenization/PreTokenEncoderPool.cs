namespace PsGpt.Tokenization;

/// <summary>Lends pre-token encoders to threads: each works with one of its own, and its words are still known the next time.</summary>
/// <param name="create">Makes one where all are lent.</param>
internal sealed class PreTokenEncoderPool(Func<PreTokenEncoder> create)
{
    private readonly PreTokenEncoder?[] idle = new PreTokenEncoder?[Environment.ProcessorCount];

    /// <summary>Takes one; give it back with <see cref="Return"/>.</summary>
    /// <param name="place">The place to look at first: a thread that always names the same has its words in its own cache.</param>
    public PreTokenEncoder Rent(int place)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Interlocked.Exchange(ref idle[(place + i) % idle.Length], null) is { } encoder)
                return encoder;
        }

        return create();
    }

    /// <summary>Gives one back; it is dropped where there are as many as processors.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="place">The place to put it, if that is free.</param>
    public void Return(PreTokenEncoder encoder, int place)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref idle[(place + i) % idle.Length], encoder, null) is null)
                return;
        }
    }
}
