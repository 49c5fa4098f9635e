namespace PsGpt.Hub;

/// <summary>What a download is doing.</summary>
public enum HubPhase
{
    /// <summary>Bytes arrive.</summary>
    Downloading,

    /// <summary>The connection was lost or the server is busy; it is asked again after a while.</summary>
    Retrying,

    /// <summary>Another process downloads the same file; its result will be used.</summary>
    WaitingForOther,

    /// <summary>All bytes are there and are compared with the server's checksum.</summary>
    Verifying,
}
