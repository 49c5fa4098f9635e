namespace Help;

/// <summary>An example of a cmdlet.</summary>
/// <param name="Title">Its purpose, in a line.</param>
/// <param name="Code">The code to type.</param>
/// <param name="Remarks">Its results, in paragraphs; may be empty.</param>
internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks);
