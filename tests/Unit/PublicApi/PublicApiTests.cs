using PsGpt.Model;

namespace PsGpt.Unit.PublicApi;

/// <summary>The public types and members of the engine, listed in a file, so that a change of them is seen and meant.</summary>
public sealed class PublicApiTests
{
    private const string Listing = "tests/Unit/PublicApi/PsGpt.Engine.txt";
    private const string Update = "PSGPT_UPDATE_API";

    [Fact]
    public void It_is_the_one_that_is_listed()
    {
        var actual = PublicApiText.Of(typeof(GptModel).Assembly);
        var path = Repository.PathTo(Listing);
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllLines(path, actual);

        var listed = File.ReadAllLines(path);
        var changes = actual.Except(listed).Select(line => $"+ {line}").Concat(listed.Except(actual).Select(line => $"- {line}")).ToArray();
        Assert.True(changes.Length == 0, $"""
            The public API of PsGpt.Engine differs from {Listing}. Make internal what nobody needs, and accept the rest with
              {Update}=1 dotnet test tests/Unit -c Release --filter PublicApiTests
            {string.Join('\n', changes)}
            """);
    }
}
