namespace PsGpt.Data;

/// <summary>The one tokenizer that made all the ids of a stream; refuses the first ids that another one made.</summary>
internal sealed class SharedTokenizer
{
    /// <summary>The tokenizer's name, or null as long as no ids have told it.</summary>
    public string? Name { get; private set; }

    /// <summary>Takes note of who made the next ids.</summary>
    /// <param name="name">The name that the ids carry; null, where it is not known, passes.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>.</exception>
    public void Require(string? name)
    {
        if (name is not null && Name is not null && name != Name)
        {
            throw new GptException("TokenizerMismatch", GptErrorKind.InvalidArgument,
                $"These tokens were made by '{name}', but those before them by '{Name}'. Ids of different tokenizers cannot be mixed: make all of them with one tokenizer.");
        }

        Name ??= name;
    }
}
