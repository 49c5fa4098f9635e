namespace PsGpt.Plugins;

/// <summary>Something that users choose by name: a tokenizer, a file format, an optimizer, a schedule, a sampler.</summary>
public interface IPlugin
{
    /// <summary>The name that users type; compared without regard to case.</summary>
    string Name { get; }

    /// <summary>One sentence for lists and tab completion.</summary>
    string Description { get; }
}
