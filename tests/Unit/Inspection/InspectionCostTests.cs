using System.Text.RegularExpressions;

namespace PsGpt.Unit.Inspection;

/// <summary>Looking into a model costs nothing where nobody looks: the code of training and completion does not know of it.</summary>
public sealed partial class InspectionCostTests
{
    // These hand out tensors, texts of tokens or an inspected pass where the user asks for them. No step and no completion calls them.
    private static readonly string[] Users =
        ["Evaluation/TokenPlaces.cs", "Generation/TokenPrediction.cs", "Training/Stages/BackwardResult.cs"];

    [Fact]
    public void No_pass_step_or_completion_uses_the_room_of_inspection()
    {
        var room = Repository.SourceFiles("src/PsGpt.Engine").Select(
            file => Path.GetRelativePath(Repository.PathTo("src/PsGpt.Engine"), file).Replace('\\', '/'));
        var users = room.Where(file => file.Split('/')[0] is not ("Inspection" or "Tensors" or "Charts"))
            .Where(file => Use().IsMatch(File.ReadAllText(Repository.PathTo($"src/PsGpt.Engine/{file}"))));
        Assert.Equal(Users, users.Order());
    }

    /// <summary>A pass keeps what the backward pass reads: a place for attention probabilities would cost memory and time.</summary>
    [Fact]
    public void No_pass_has_memory_that_only_inspection_reads()
    {
        foreach (var file in Repository.SourceFiles("src/PsGpt.Engine/Model"))
            Assert.DoesNotContain("AttentionProbabilities", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\bInspection\b|\bGptTensor\b")]
    private static partial Regex Use();
}
