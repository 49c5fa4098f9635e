using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Formats.TokenFiles;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Makes a dataset of token files: shards of llm.c, nanoGPT's train.bin, arrays of NumPy, raw int32. The files stay on disk and
/// are read where
/// training needs them, whatever their size; no batch runs from one file into the next. All inputs are one dataset.
/// </summary>
[Cmdlet(VerbsData.Import, "GptTokens", DefaultParameterSetName = PathSet)]
[OutputType(typeof(TokenDataset))]
public sealed class ImportGptTokensCommand : FileCmdlet
{
    private readonly List<TokenFile> training = [];
    private readonly List<TokenFile> heldOut = [];
    private Tokenizer? tokenizer;
    private bool isHandedOver;

    /// <summary>
    /// The layout of the files: <c>llm.c</c> or <c>npy</c> (NumPy), which are known by their first bytes, or <c>nanogpt</c> (raw
    /// uint16) or <c>int32</c>, which are known by the vocabulary where <see cref="Tokenizer"/> or <see cref="Model"/> is given.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TokenFileFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>
    /// The tokenizer that made the ids, its name or the path of its file: ids outside its vocabulary are refused. Token files do
    /// not say it; it is unknown unless this or <see cref="Model"/> is given.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>A model whose tokenizer made the ids.</summary>
    [Parameter]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>
    /// The share at the end of the tokens that is held out, 0 to below 1; a tenth unless this or <see cref="ValidationPath"/> is
    /// given.
    /// </summary>
    [Parameter]
    [Number]
    public double? ValidationFraction { get; set; }

    /// <summary>Token files that are held out instead, such as <c>val.bin</c>. Wildcards are resolved.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? ValidationPath { get; set; }

    /// <summary>What lists call the dataset; the name of the first file unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        ValidationChoice.RequireOne(ValidationPath, ValidationFraction);
        if (Tokenizer is not null || Model is not null)
            tokenizer = TokenizerChoice.Of(Tokenizer, Model);
    }

    /// <inheritdoc/>
    protected override void Process() => Open(Path, LiteralPath, training);

    /// <inheritdoc/>
    protected override void End()
    {
        Open(ValidationPath, literalPath: null, heldOut);

        // Where nothing could be opened, that has been reported already.
        if (training.Count == 0 || (ValidationPath is not null && heldOut.Count == 0))
            return;
        var dataset = CreateDataset();
        isHandedOver = true;
        WriteObject(dataset);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var file in isHandedOver ? [] : training.Concat(heldOut))
            file.Dispose();
    }

    private TokenDataset CreateDataset()
    {
        var tokens = new ConcatenatedTokens([.. training]);
        if (tokens.Count == 0)
            throw new GptException("TooFewTokens", GptErrorKind.InvalidData,
                "The files have no tokens, so there is nothing to train on. Give other files.");
        var name = Name ?? System.IO.Path.GetFileName(training[0].ToString());
        if (ValidationPath is null)
            return TokenDataset.Split(tokens, ValidationFraction ?? 0.1, name: name);
        var validation = new ConcatenatedTokens([.. heldOut]);
        return new TokenDataset(tokens, validation, name, owner: new ConcatenatedTokens([tokens, validation]));
    }

    private void Open(string[]? path, string[]? literalPath, List<TokenFile> files)
    {
        foreach (var file in new PathResolver(this).Resolve(path, literalPath))
            Attempt(file, () => files.Add(Open(file)));
    }

    private TokenFile Open(string path)
    {
        var file = TokenFile.Open(path, Format, tokenizer);
        if (Format is null && file.Format != TokenFileFormat.Llmc && file.Format != TokenFileFormat.Numpy)
            WriteWarning(
                $"'{path}' has no header: it is taken for {file.Format.Description}, since all ids are in the vocabulary then. " +
                $"-Format {file.Format.Name} says so, and avoids this warning.");
        return file;
    }
}
