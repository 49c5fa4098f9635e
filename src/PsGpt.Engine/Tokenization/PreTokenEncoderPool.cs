namespace PsGpt.Tokenization;

/// <summary>Lends pre-token encoders to threads: each works with one of its own, and its words are still known the next time.</summary>
/// <param name="create">Makes one where all are lent.</param>
internal sealed class PreTokenEncoderPool(Func<PreTokenEncoder> create)
{
    private readonly PreTokenEncoder?[] idle = new PreTokenEncoder?[Environment.ProcessorCount];

    /// <summary>Takes one; give it back with <see cref="Return"/>.</summary>
    public PreTokenEncoder Rent()
    {
        foreach (ref var place in idle.AsSpan())
        {
            if (Interlocked.Exchange(ref place, null) is { } encoder)
                return encoder;
        }

        return create();
    }

    /// <summary>Gives one back; it is dropped where there are as many as processors.</summary>
    public void Return(PreTokenEncoder encoder)
    {
        foreach (ref var place in idle.AsSpan())
        {
            if (Interlocked.CompareExchange(ref place, encoder, null) is null)
                return;
        }
    }
}
