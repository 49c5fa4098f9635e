namespace PsGpt.Hub;

/// <summary>The files of a model as they stand in the cache.</summary>
/// <param name="Name">The model.</param>
/// <param name="Commit">The commit that the revision stands for.</param>
/// <param name="Folder">The folder that holds the files.</param>
/// <param name="Problem">Why the hub could not be asked whether there is anything newer; null where it was, or need not be.</param>
public sealed record HubSnapshot(HubName Name, string Commit, string Folder, GptException? Problem);
