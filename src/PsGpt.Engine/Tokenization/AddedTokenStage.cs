using System.Text;

namespace PsGpt.Tokenization;

/// <summary>Cuts a text at the added tokens in it, and hands what stands between them to the next stage.</summary>
/// <param name="finder">Finds the tokens.</param>
/// <param name="next">Encodes what stands between them; each stretch is a text of its own to it.</param>
/// <param name="allowSpecial">Whether special tokens count.</param>
/// <param name="ignored">Takes the special tokens that were passed over.</param>
internal sealed class AddedTokenStage(AddedTokenFinder finder, EncodeText next, bool allowSpecial, HashSet<string> ignored)
{
    private Rune? before;
    private int skipped;

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var position = 0;
        while (true)
        {
            var rest = text[position..];
            var match = finder.Find(rest, skipped, before, isEnd, allowSpecial, ignored);
            var taken = next(rest[..match.Start], isEnd || match.Token is not null, tokens);
            if (match.Token is { } token)
            {
                tokens.Add(token.Id);
                taken = match.End;
            }

            position += taken;
            skipped = Math.Max(0, match.Skipped - taken);
            if (taken > 0 && Rune.DecodeLastFromUtf16(rest[..taken], out var last, out _) is var _)
                before = last;
            if (match.Token is null)
                break;
        }

        if (isEnd)
            (before, skipped) = (null, 0);
        return position;
    }
}
