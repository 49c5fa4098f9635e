namespace Help;

/// <summary>An example of a cmdlet.</summary>
/// <param name="Title">What it does, in a line.</param>
/// <param name="Code">What to type.</param>
/// <param name="Remarks">What comes of it, in paragraphs; may be empty.</param>
internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks);
