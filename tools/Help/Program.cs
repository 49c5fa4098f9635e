using Help;

// Turns the XML comments of the cmdlets and the examples of docs/help into the file that Get-Help reads. Runs with every build.
if (args is not [var documentationPath, var exampleFolder, var helpPath])
{
    Console.Error.WriteLine("usage: Help PsGpt.Cmdlets.xml docs/help PsGpt.Cmdlets.dll-Help.xml");
    return 2;
}

var comments = new CommentFile(documentationPath);
var maml = new MamlWriter(comments, cmdlet => ExampleFile.Read(Path.Join(exampleFolder, $"{cmdlet.Name}.md")));
var directory = Path.GetDirectoryName(Path.GetFullPath(helpPath))!;
Directory.CreateDirectory(directory);

// Beside it first: a build that is stopped leaves no half of a file that the next one takes for new.
var staging = Path.Join(directory, Path.GetRandomFileName());
maml.ToDocument(Cmdlet.All).Save(staging);
File.Move(staging, helpPath, overwrite: true);
return 0;
