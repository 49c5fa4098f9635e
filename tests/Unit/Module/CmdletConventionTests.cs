using System.Reflection;
using PsGpt.Commands;

namespace PsGpt.Unit.Module;

/// <summary>What PowerShell users expect of every cmdlet, as far as it can be seen without running one.</summary>
public sealed class CmdletConventionTests
{
    /// <summary>The names that <c>Get-Verb</c> lists in PowerShell 7.6.</summary>
    private const string ApprovedVerbs =
        "Add Clear Close Copy Enter Exit Find Format Get Hide Join Lock Move New Open Optimize Push Pop Redo Remove Rename Reset " +
        "Resize Search Select Set Show Skip Split Step Switch Undo Unlock Watch Connect Disconnect Read Receive Send Write Backup " +
        "Checkpoint Compare Compress Convert ConvertFrom ConvertTo Dismount Edit Expand Export Group Import Initialize Limit Merge " +
        "Mount Out Publish Restore Save Sync Unpublish Update Debug Measure Ping Repair Resolve Test Trace Approve Assert Build " +
        "Complete Confirm Deny Deploy Disable Enable Install Invoke Register Request Restart Resume Start Stop Submit Suspend " +
        "Uninstall Unregister Wait Use Block Grant Protect Revoke Unblock Unprotect";

    public static TheoryData<string> Names => [.. CmdletType.All.Select(cmdlet => cmdlet.Name)];

    [Fact]
    public void There_are_cmdlets() => Assert.True(CmdletType.All.Count >= 11);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_verb_is_approved(string name) => Assert.Contains(Find(name).Verb, ApprovedVerbs.Split(' '));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_noun_is_ours_and_singular(string name)
    {
        var noun = Find(name).Noun;
        Assert.StartsWith("Gpt", noun, StringComparison.Ordinal);
        Assert.True(noun == "GptTokens" || !noun.EndsWith('s') || noun.EndsWith("ss", StringComparison.Ordinal), $"{noun} is a plural.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_is_sealed_and_named_after_the_cmdlet_as_is_its_file(string name)
    {
        var cmdlet = Find(name);
        Assert.True(cmdlet.Type.IsSealed && cmdlet.Type.IsPublic);
        Assert.Equal($"PsGpt.Commands.{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.Type.FullName);
        Assert.True(File.Exists(Repository.PathTo($"src/PsGpt.Cmdlets/{cmdlet.Type.Name}.cs")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_tests_from_the_view_of_a_user(string name) =>
        Assert.Contains(
            Directory.GetFiles(Repository.PathTo("tests/Pester"), "*.Tests.ps1"),
            file => File.ReadAllText(file).Contains(name, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void It_can_be_stopped_and_says_what_it_emits(string name)
    {
        var cmdlet = Find(name);
        Assert.True(cmdlet.Type.IsSubclassOf(typeof(GptCmdlet)));
        Assert.NotEmpty(cmdlet.OutputTypes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_path_can_be_given_literally_too(string name)
    {
        var cmdlet = Find(name);
        var names = cmdlet.Parameters.SelectMany(NamesOf).ToHashSet();
        Assert.True(!names.Contains("Path") || (names.Contains("LiteralPath") && names.Contains("PSPath")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_known_by_name_can_be_completed(string name)
    {
        var open = Find(name).Parameters.Where(
            parameter => parameter.Name is "Tokenizer" or "Format" or "Optimizer" or "Schedule" or "Recipe");
        Assert.All(open, parameter => Assert.NotNull(CmdletType.Attribute(parameter, "ArgumentCompleterAttribute")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_switch_is_a_switch_and_randomness_has_a_seed(string name)
    {
        var parameters = Find(name).Parameters.ToArray();
        Assert.DoesNotContain(parameters, parameter => parameter.PropertyType == typeof(bool));
        Assert.True(parameters.All(parameter => parameter.Name != "Random") || parameters.Any(parameter => parameter.Name == "Seed"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_can_be_given_by_its_name_or_path_too(string name)
    {
        var models = Find(name).Parameters.Where(parameter => parameter.Name == "Model");
        Assert.All(models, parameter =>
        {
            Assert.NotNull(CmdletType.Attribute(parameter, nameof(ModelTransformationAttribute)));
            Assert.NotNull(CmdletType.Attribute(parameter, "ArgumentCompleterAttribute"));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_is_refused_in_our_words(string name)
    {
        var numbers = Find(name).Parameters.Where(parameter => IsNumber(parameter.PropertyType));
        Assert.All(numbers, parameter => Assert.Contains(
            parameter.CustomAttributes,
            attribute =>
                attribute.AttributeType.Name is nameof(NumberAttribute) or nameof(WholeNumberAttribute) or nameof(
                    SeedTransformationAttribute)));
        Assert.All(Find(name).Parameters, parameter => Assert.Null(CmdletType.Attribute(parameter, "ValidateRangeAttribute")));

        // A data type is refused before its set is looked at, which is there for completion.
        var others = Find(name).Parameters.Where(
            parameter => CmdletType.Attribute(parameter, nameof(WeightDataTypeTransformationAttribute)) is null);
        Assert.All(others, parameter => Assert.Null(CmdletType.Attribute(parameter, "ValidateSetAttribute")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_emits_cannot_be_overwritten_and_has_no_names_of_the_compiler(string name)
    {
        foreach (var type in Find(name).OutputTypes.Where(type => type.Namespace!.StartsWith("PsGpt", StringComparison.Ordinal)))
        {
            // A model can be given another name for lists.
            var writable = type.GetProperties()
                .Where(property => property.SetMethod?.IsPublic == true && property.GetIndexParameters().Length == 0);
            Assert.Equal([], writable.Select(property => $"{type.Name}.{property.Name}").Except(["GptModel.Name"]));
            Assert.DoesNotContain(type.GetMethods(), method => method.Name is "<Clone>$" or "Deconstruct");
        }
    }

    private static bool IsNumber(Type type)
    {
        type = type.GetElementType() ?? type;
        return (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } number && number != typeof(bool)
            && number != typeof(char);
    }

    private static CmdletType Find(string name) => CmdletType.All.Single(cmdlet => cmdlet.Name == name);

    private static IEnumerable<string> NamesOf(PropertyInfo parameter)
    {
        var aliases = CmdletType.Attribute(parameter, "AliasAttribute");
        if (aliases is null)
            return [parameter.Name];
        var names = (IReadOnlyCollection<CustomAttributeTypedArgument>)aliases.ConstructorArguments[0].Value!;
        return [parameter.Name, .. names.Select(argument => (string)argument.Value!)];
    }
}
