namespace PsGpt;

/// <summary>The error ids that code tests for. All ids, with their kinds and meanings, stand in docs/errors.md.</summary>
internal static class ErrorIds
{
    public const string BatchPositionInvalid = nameof(BatchPositionInvalid);
    public const string CheckpointBroken = nameof(CheckpointBroken);
    public const string ConfigurationFileInvalid = nameof(ConfigurationFileInvalid);
    public const string HubAccessDenied = nameof(HubAccessDenied);
    public const string HubModelNotFound = nameof(HubModelNotFound);
    public const string HubResponseInvalid = nameof(HubResponseInvalid);
    public const string HubUnreachable = nameof(HubUnreachable);
    public const string TextOutsideVocabulary = nameof(TextOutsideVocabulary);
}
