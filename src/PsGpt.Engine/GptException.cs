namespace PsGpt;

/// <summary>
/// An error that a user can act on. Its message says the problem, its place and the way out;
/// <see cref="ErrorId"/> is stable across versions, so that scripts can test for it.
/// </summary>
/// <param name="errorId">A stable identifier in PascalCase without spaces, such as <c>ModelFileTruncated</c>.</param>
/// <param name="kind">The kind of the error.</param>
/// <param name="message">
/// The problem, its place, and the way out. Control characters in it are escaped: they may come from a file.
/// </param>
/// <param name="innerException">The exception behind this one, or null.</param>
public sealed class GptException(string errorId, GptErrorKind kind, string message, Exception? innerException = null)
    : Exception(ForeignText.Escape(message), innerException)
{
    /// <summary>A stable identifier in PascalCase without spaces.</summary>
    public string ErrorId { get; } = errorId;

    /// <summary>The kind of the error.</summary>
    public GptErrorKind Kind { get; } = kind;
}
