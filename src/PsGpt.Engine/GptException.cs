namespace PsGpt;

/// <summary>
/// An error that a user can act on. Its message says what is wrong, where, and what to do;
/// <see cref="ErrorId"/> is stable across versions, so that scripts can test for it.
/// </summary>
/// <param name="errorId">A stable identifier in PascalCase without spaces, such as <c>ModelFileTruncated</c>.</param>
/// <param name="kind">What kind of thing went wrong.</param>
/// <param name="message">What is wrong, where, and what to do. Control characters in it are escaped: they may come from a file.</param>
/// <param name="innerException">The exception behind this one, where there is one.</param>
public sealed class GptException(string errorId, GptErrorKind kind, string message, Exception? innerException = null)
    : Exception(ForeignText.Escape(message), innerException)
{
    /// <summary>A stable identifier in PascalCase without spaces.</summary>
    public string ErrorId { get; } = errorId;

    /// <summary>What kind of thing went wrong.</summary>
    public GptErrorKind Kind { get; } = kind;
}
