// The main job from C#: load the built-in model, train it on new stories, let it tell one.
// Run it with: dotnet run -c Release --project samples/Quickstart
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Generation;
using PsGpt.Samples;
using PsGpt.Training;

// Ctrl+C stops within one layer's work; the model then stands at the last finished step.
using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => cancellation.Cancel(e.Cancel = true);

// A model brings its tokenizer along. This one was trained on stories of a forest and has never heard of the sea.
using var model = BuiltInModel.Load();
Console.WriteLine(model);

// Text to tokens: new stories, one after the other. A TokenBuilder does the same for files and texts of your own.
var tokens = SampleText.GenerateTokens(model.Tokenizer!, count: 400, seed: 1, SampleTheme.Sea);
Console.WriteLine($"400 new stories are {tokens.Count:N0} tokens of {tokens.TokenizerName}\n");

// Tokens to a trained model: a run is lazy, each step is done when the loop asks for it.
var options = new TrainingRunOptions { Steps = 40, BatchSize = 4, SequenceLength = 64, Trainer = new() { LearningRate = 3e-4f } };
var dataset = TokenDataset.Split(tokens);
using (var run = new TrainingRun(model, dataset, options))
{
    Console.WriteLine("step   loss  val loss  tokens/s     ms");
    foreach (var step in run.Steps(cancellation.Token))
        Console.WriteLine(
            $"{step.Step,4} {step.Loss,6:0.000} {step.ValidationLoss,9:0.000} {step.TokensPerSecond,9:0} {step.Milliseconds,6:0.0}");
}

// A model to text: piece by piece as it is made, never half a character.
const string Prompt = "Once upon a time";
Console.Write($"\n{Prompt}");
using var generator = new TextGenerator(model);
foreach (var piece in generator.Stream(Prompt, new SamplingOptions { MaxTokens = 250, Temperature = 0.7f, Seed = 1 }, cancellation.Token))
    Console.Write(piece.Text);
Console.WriteLine();
