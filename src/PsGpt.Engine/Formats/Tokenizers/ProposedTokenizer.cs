using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>GPT-2's tokenizer for models that bring none and have its number of rows. A warning says that it was taken.</summary>
internal static class ProposedTokenizer
{
    private const int Gpt2Rows = 50257;
    private const int PaddedGpt2Rows = 50304;

    /// <summary>The tokenizer that is taken, or null where none is.</summary>
    /// <param name="missing">The sentence that there is none.</param>
    /// <param name="rows">The rows of the model.</param>
    /// <param name="warn">Takes the sentence that says which tokenizer was taken, or may be right.</param>
    public static Tokenizer? Find(string missing, int rows, Action<string> warn)
    {
        if (rows == Gpt2Rows)
        {
            warn($"{missing} GPT-2's tokenizer is taken, since the model has {rows} rows, and that tokenizer as many tokens. "
                + "Give the model its own where that is wrong.");
            return TokenizerCatalog.Gpt2;
        }

        if (rows == PaddedGpt2Rows)
        {
            warn($"{missing} The model has {rows} rows, as nanoGPT pads GPT-2's {Gpt2Rows}. "
                + "Give the model the tokenizer 'gpt2' where that is right; texts cannot be used without one.");
        }

        return null;
    }
}
