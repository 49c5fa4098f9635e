namespace PsGpt.Commands;

/// <summary>Parameters of a training run that go together.</summary>
/// <param name="Name">The name that users type.</param>
/// <param name="Description">One sentence for lists and tab completion.</param>
/// <param name="Parameters">Parameters of <c>Start-GptTraining</c> and their values.</param>
/// <param name="Model">Parameters of <c>New-GptModel</c> for the model that is made where none is given; empty where the recipe has none.</param>
/// <param name="Path">The file that it stands in.</param>
public sealed record Recipe(
    string Name, string Description, IReadOnlyDictionary<string, object> Parameters, IReadOnlyDictionary<string, object> Model, string Path);
