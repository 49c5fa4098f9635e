using System.Text;

namespace Help;

/// <summary>Writes the help of a cmdlet as a page of Markdown, for the web.</summary>
internal sealed class PageWriter(CommentFile comments, Func<Cmdlet, IReadOnlyList<Example>> examplesOf, IReadOnlyList<Cmdlet> all)
{
    public string ToPage(Cmdlet cmdlet)
    {
        var page = new StringBuilder();
        page.Append($"# {cmdlet.Name}\n\n{comments.Synopsis(cmdlet.Type)}\n\n## Syntax\n\n");
        foreach (var syntax in cmdlet.Syntaxes)
            page.Append($"```\n{cmdlet.Name} {string.Join(' ', syntax.Select(item => Usage(item.Parameter, item.Use)))}\n```\n\n");
        page.Append("## Description\n\n");
        foreach (var paragraph in comments.Description(cmdlet.Type))
            page.Append($"{Escape(paragraph)}\n\n");
        page.Append("## Examples\n\n");
        foreach (var example in examplesOf(cmdlet))
        {
            page.Append($"### {example.Title}\n\n```powershell\n{example.Code}\n```\n\n");
            page.AppendJoin("", example.Remarks.Select(text => $"{text}\n\n"));
        }

        page.Append("## Parameters\n\n");
        foreach (var parameter in cmdlet.Parameters.OrderBy(parameter => parameter.Property is null).ThenBy(parameter => parameter.Name))
        {
            var description = Escape(parameter.Description ?? comments.Description(parameter.Property!));
            page.Append($"### -{parameter.Name}\n\n{description}\n\n{Facts(parameter)}\n");
        }

        page.Append("## Outputs\n\n");
        foreach (var type in cmdlet.OutputTypes)
            page.Append($"### {type.FullName}\n\n{Output(type)}");
        page.Append("## Related links\n\n");
        foreach (var name in Neighbors.Of(cmdlet, all))
            page.Append($"- [{name}]({name}.md)\n");
        return page.Append("- `Get-Help about_PsGpt`\n").ToString();
    }

    private static string Usage(CmdletParameter parameter, ParameterUse use)
    {
        var name = use.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        var text = parameter.IsSwitch ? name : $"{name} <{parameter.TypeName}>";
        return use.IsMandatory ? text : $"[{text}]";
    }

    private static string Facts(CmdletParameter parameter)
    {
        var use = parameter.Uses[0];
        var facts = new StringBuilder().Append("| | |\n|---|---|\n").Append($"| Type | `{parameter.TypeName}` |\n");
        if (parameter.Type.IsEnum)
            facts.Append($"| Values | {string.Join(", ", Enum.GetNames(parameter.Type))} |\n");
        if (parameter.Aliases.Count > 0)
            facts.Append($"| Aliases | {string.Join(", ", parameter.Aliases)} |\n");
        facts.Append($"| Required | {(use.IsMandatory ? "yes" : "no")} |\n| Position | {use.Position?.ToString() ?? "named"} |\n");
        if (parameter.DefaultValue is { } value)
            facts.Append($"| Default | `{value}` |\n");
        if (use.TakesPipeline || use.TakesPipelineProperty)
            facts.Append($"| From the pipeline | {(use.TakesPipeline ? "by value" : "by property name")} |\n");
        return facts.Append($"| Wildcards | {(parameter.TakesWildcards ? "yes" : "no")} |\n").ToString();
    }

    private string Output(Type type)
    {
        var members = OutputMember.Of(type).ToArray();
        var summary = comments.Summary(type) is { Length: > 0 } text ? $"{Escape(text)}\n\n" : "";
        var rows = members.Select(member => $"| {member.Name} | `{member.TypeName}` | {Escape(comments.Description(member.Property))} |\n");
        return members.Length == 0 ? summary : $"{summary}| Property | Type | |\n|---|---|---|\n{string.Concat(rows)}\n";
    }

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal);
}
