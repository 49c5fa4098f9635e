using System.Management.Automation;
using PsGpt.Formats;
using PsGpt.Hub;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Loads models from files or folders, from the Hugging Face hub, or the built-in one where nothing is named; a fresh object each
/// time. What names a file or folder is that file or folder, whatever there is on the hub.
/// </summary>
/// <remarks>
/// <para>A model of the hub is downloaded once, into the cache that Hugging Face's own tools use: the folder of HF_HUB_CACHE, or hub in
/// that of HF_HOME. Only what is needed comes: configuration, tokenizer and weights, each compared with the hub's checksum. A download
/// that was cut or stopped continues where it was, the next time too.</para>
/// <para>After that a branch or a tag costs one small question, whether it has moved; a whole commit id costs none, and with
/// HF_HUB_OFFLINE=1 nothing is asked. A hub that is away leaves the copy in the cache, with a warning.</para>
/// <para>Models that are not open to everybody need a token, in HF_TOKEN or in the file token of HF_HOME; it is sent to the hub alone.
/// HF_ENDPOINT names another hub. Pickles, such as pytorch_model.bin, are refused: loading one runs whatever code it holds.</para>
/// </remarks>
[Cmdlet(VerbsData.Import, "GptModel", DefaultParameterSetName = BuiltInSet)]
[OutputType(typeof(GptModel))]
public sealed class ImportGptModelCommand : FileCmdlet
{
    private const string BuiltInSet = "BuiltIn";
    private const string HubSet = "Hub";

    /// <summary>
    /// Model files, or folders in Hugging Face's layout. Wildcards are resolved. Where there is no such file or folder, <c>gpt2</c>,
    /// <c>gpt2-medium</c>, <c>gpt2-large</c>, <c>gpt2-xl</c>, <c>distilgpt2</c> and <c>owner/name</c> are models of the hub, with
    /// <c>@revision</c> behind them where it is not <c>main</c>; <c>./gpt2</c> is always a path. Models of <c>Get-GptCachedModel</c> are
    /// those of the cache.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [ModelPathTransformation(Hint = "Give the path of a model, or its name on the hub.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public override string[]? Path { get; set; }

    /// <summary>Models of the hub, also where there is a file or folder of that name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HubSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HubModelCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The branch, tag or commit of models of the hub; <c>main</c> unless it is given.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = HubSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CachedModelCompleter))]
    public string? Revision { get; set; }

    /// <summary>The name of the format; told by the content unless it is given.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>
    /// The model's tokenizer, its name or the path of its file: for models that bring none, such as nanoGPT's, or instead of theirs.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = HubSet)]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>
    /// How the model keeps its matrices in memory: Float32 (F32), BFloat16 (BF16) in half of that, or Q8_0 in a little more than a quarter.
    /// Narrower ones are read faster, and so are tokens made. Such a model completes and scores texts; all else needs Float32.
    /// </summary>
    [Parameter]
    [WeightDataTypeTransformation(IsInMemory = true)]
    [ValidateSet("BF16", "BFloat16", "F32", "Float32", "Q8_0")]
    public WeightDataType DataType { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == BuiltInSet)
            WriteObject(BuiltInModel.Load(StopToken, DataType));
        foreach (var name in Name ?? [])
            Attempt(name, () => WriteObject(FromHub(name)));

        var resolver = new PathResolver(this);
        foreach (var path in Path ?? [])
            Attempt(path, () => ImportPathOrName(path, resolver));
        foreach (var path in resolver.Resolve(null, LiteralPath))
            Import(path);
    }

    private void ImportPathOrName(string text, PathResolver resolver)
    {
        if (!resolver.NamesNothing(text))
        {
            RequireNoRevision(text);
            foreach (var path in resolver.Resolve([text], null))
                Import(path);
        }
        else if (resolver.FindNew(text) is { } path && ModelFile.FindBackup(path) is not null)
        {
            // Reading fails too, and says where it is.
            Import(path);
        }
        else if (HubName.IsLikely(text))
        {
            WriteVerbose($"'{text}' is no file or folder here: it is looked for on the hub.");
            WriteObject(FromHubInsteadOf(text));
        }
        else
        {
            throw new GptException("PathNotFound", GptErrorKind.NotFound,
                $"There is no file or folder '{text}' (looked for '{resolver.ResolveNew(text)}'). "
                + "Check the spelling and the current location; a model of the hub is named owner/name, or with -Name.");
        }
    }

    private void Import(string path) =>
        Attempt(path, () => WriteObject(Read(path, System.IO.Path.GetFileName(path))));

    /// <summary>Reads a file or folder.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="title">What the bar calls the model.</param>
    private GptModel Read(string path, string title) =>
        ModelTransfer.Read(this, path, title, Format, Tokenizer, DataType);

    private GptModel FromHub(string text)
    {
        var name = HubName.Parse(text, Revision);
        var settings = HubSettings.FromEnvironment();
        using var hub = new ModelHub(settings);
        using var progress = new DownloadProgress(this, name);
        var snapshot = hub.Download(name, progress, StopToken);
        if (snapshot.Problem is not null)
        {
            WriteWarning(
                $"The copy of '{name}' in the cache is used; whether there is a newer one is not known. {snapshot.Problem.Message}");
        }

        WriteVerbose($"'{name}' is commit {snapshot.Commit} of {settings.Endpoint}, kept in '{snapshot.Folder}'.");

        GptModel Load() => Read(snapshot.Folder, $"{name}");
        var model = ArgumentReport.Current is { KeepsModel: true } ? ModelPathCache.Get(snapshot.Folder, Load) : Load();
        model.Name = name.Repository;
        return model;
    }

    /// <summary>The user may have mistyped a path, so an error of the hub mentions both.</summary>
    private GptModel FromHubInsteadOf(string path)
    {
        try
        {
            return FromHub(path);
        }
        catch (GptException exception) when (exception.ErrorId.StartsWith("Hub", StringComparison.Ordinal))
        {
            throw new GptException(exception.ErrorId, exception.Kind,
                $"'{path}' is no file or folder here, and as a model of the hub: {exception.Message}", exception);
        }
    }

    private void RequireNoRevision(string path)
    {
        if (Revision is not null)
        {
            throw new GptException("RevisionOfPath", GptErrorKind.InvalidArgument,
                $"'{path}' is a file or folder here, and only models of the hub have revisions. "
                + $"Leave -Revision out, or give the model as -Name '{path}'.");
        }
    }
}
