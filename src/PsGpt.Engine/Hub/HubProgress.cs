namespace PsGpt.Hub;

/// <summary>How far the download of a file is.</summary>
/// <param name="FileName">The name of the file in its repository.</param>
/// <param name="DoneBytes">The bytes that are there, with those of an earlier download that was stopped.</param>
/// <param name="TotalBytes">The size of the file; 0 as long as the hub has not told it.</param>
/// <param name="Phase">What is being done.</param>
public readonly record struct HubProgress(string FileName, long DoneBytes, long TotalBytes, HubPhase Phase);
