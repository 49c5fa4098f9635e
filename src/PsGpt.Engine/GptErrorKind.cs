namespace PsGpt;

/// <summary>The kind of an error; a cmdlet maps it to the category of an ErrorRecord.</summary>
public enum GptErrorKind
{
    /// <summary>An argument, or a combination of arguments, makes no sense.</summary>
    InvalidArgument,

    /// <summary>A file or an object holds data that is broken, truncated or foreign.</summary>
    InvalidData,

    /// <summary>A file, a name or a plug-in does not exist.</summary>
    NotFound,

    /// <summary>Something of that name exists and would be overwritten.</summary>
    AlreadyExists,

    /// <summary>The data is whole, but of a kind that PsGpt does not handle.</summary>
    NotSupported,

    /// <summary>A limit of the model or of the machine would be passed: context length, memory.</summary>
    LimitExceeded,

    /// <summary>Another operation uses the object, and the two cannot go together.</summary>
    InUse,

    /// <summary>The operating system refused to read.</summary>
    ReadFailed,

    /// <summary>The operating system refused to write: no permission, a full disk.</summary>
    WriteFailed,

    /// <summary>A server cannot be reached, or not now.</summary>
    ConnectionFailed,

    /// <summary>A server does not give this to whoever asks.</summary>
    AccessDenied,
}
