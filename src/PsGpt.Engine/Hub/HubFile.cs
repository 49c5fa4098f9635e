namespace PsGpt.Hub;

/// <summary>A file on the hub that is to be downloaded.</summary>
/// <param name="Model">The model that it belongs to.</param>
/// <param name="Name">Its name in the repository.</param>
/// <param name="Address">Where its bytes are.</param>
/// <param name="Header">What the hub says of it.</param>
internal sealed record HubFile(HubName Model, string Name, Uri Address, HubFileHeader Header);
