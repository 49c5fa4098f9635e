using System.Management.Automation;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Writes a model to a file or folder: beside the target first, then renamed, so that nothing half-written is ever there.
/// </summary>
[Cmdlet(VerbsData.Export, "GptModel", SupportsShouldProcess = true)]
[OutputType(typeof(DirectoryInfo), typeof(FileInfo), typeof(GptModel))]
public sealed class ExportGptModelCommand : GptCmdlet
{
    private readonly ModelChoice choice;

    /// <summary>Makes the cmdlet.</summary>
    public ExportGptModelCommand() => choice = new ModelChoice(this);

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The tokenizer that the model speaks instead of its own: the object, its name or the path of its file.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>Where to write; taken as it is, without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath")]
    public string? Path { get; set; }

    /// <summary>The name of the format; a folder in Hugging Face's layout unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelFormatCompleter))]
    public string Format { get; set; } = "huggingface";

    /// <summary>How the weights are stored, also by the short names F32, F16 and BF16; Q8_0 in GGUF files only.</summary>
    [Parameter]
    [WeightDataTypeTransformation]
    [ValidateSet("BF16", "BFloat16", "F16", "F32", "Float16", "Float32", "Q8_0")]
    public WeightDataType DataType { get; set; } = WeightDataType.Float32;

    /// <summary>Replaces what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the model instead of the file or folder.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Path;

    /// <inheritdoc/>
    protected override void Process()
    {
        var path = new PathResolver(this).ResolveNew(Path!);
        var model = choice.Of(Model, Tokenizer);
        var obstacle = ModelFile.FindObstacle(model, path, Format, DataType, Force);
        var isWritten = ShouldWrite(model.Name, path, $"Export model as {Format}", obstacle);
        if (isWritten)
            ModelTransfer.Write(this, model, path, Format, DataType, Force);
        if (PassThru)
            WriteObject(model);
        else if (isWritten)
            WriteObject(Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path));
    }
}
