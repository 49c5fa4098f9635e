namespace PsGpt.Unit.Model;

/// <summary>The error that an operation ends with, by its stable id.</summary>
internal static class ErrorId
{
    /// <summary>The id, or null where the operation succeeds.</summary>
    public static string? Of(Action operation)
    {
        try
        {
            operation();
            return null;
        }
        catch (GptException exception)
        {
            return exception.ErrorId;
        }
        catch (ObjectDisposedException)
        {
            return "ObjectDisposed";
        }
    }
}
