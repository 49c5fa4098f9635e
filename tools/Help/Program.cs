using Help;

// Turns the XML comments of the code and the examples of docs/help into the file that Get-Help reads, and into a page of Markdown for
// each cmdlet. Runs with every build.
if (args is not [var cmdletComments, var engineComments, var exampleFolder, var moduleFolder, .. var rest])
{
    Console.Error.WriteLine("usage: Help PsGpt.Cmdlets.xml PsGpt.Engine.xml docs/help output/PsGpt [project uri]");
    return 2;
}

var comments = new CommentFile(cmdletComments, engineComments);
IReadOnlyList<Example> ExamplesOf(Cmdlet cmdlet) => ExampleFile.Read(Path.Join(exampleFolder, $"{cmdlet.Name}.md"));

var maml = new MamlWriter(comments, ExamplesOf, Cmdlet.All, rest.FirstOrDefault(""));
Write(Path.Join("en-US", "PsGpt.Cmdlets.dll-Help.xml"), maml.ToDocument().ToString());
var pages = new PageWriter(comments, ExamplesOf, Cmdlet.All);
foreach (var cmdlet in Cmdlet.All)
    Write(Path.Join("docs", "help", $"{cmdlet.Name}.md"), pages.ToPage(cmdlet));
return 0;

void Write(string name, string text)
{
    var path = Path.GetFullPath(Path.Join(moduleFolder, name));
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);

    // Beside it first: a build that is stopped leaves no half of a file that the next one takes for new.
    var staging = $"{path}.{Path.GetRandomFileName()}";
    File.WriteAllText(staging, text);
    File.Move(staging, path, overwrite: true);
}
