// Trains the built-in model again: stories, vocabulary, model, files.
//   dotnet run -c Release --project tools/StoryModel -- [steps] [directory]
// The defaults write src/PsGpt.Engine/Resources/story. The same steps give the same files on one kind of machine.
using System.Globalization;
using PsGpt.Formats;
using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.StoryModel;
using PsGpt.Tensors;
using PsGpt.Tokenization;

const int StoryCount = 50_000;

// One story in a hundred is of the sea: enough that its words are known, little enough that there is much left to learn.
const int SeaStoryCount = 500;
const int VocabularySize = 1024;
const ulong Seed = 1;

var stepCount = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4000;
var path = args.Length > 1 ? args[1] : "src/PsGpt.Engine/Resources/story";
using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

var seaStories = SampleText.Generate(SeaStoryCount, seed: 1_000, SampleTheme.Sea).ToList();
var stories = SampleText.Generate(StoryCount, Seed).Concat(seaStories).ToList();
Console.WriteLine($"{stories.Count} stories, {stories.Sum(story => (long)story.Length):N0} characters");

// Every word of the stories is in the first few thousand of them.
var vocabulary = new BytePairTrainer();
foreach (var story in stories.Take(5000).Concat(seaStories))
    vocabulary.Add(story);
var tokenizer = vocabulary.Train(VocabularySize, cancellation.Token);

var configuration = new GptConfiguration
{
    VocabularySize = tokenizer.VocabularySize,
    ContextLength = 256,
    LayerCount = 4,
    HeadCount = 4,
    ChannelCount = 128,
};
using var model = ModelInitializer.Create(configuration, tokenizer, Seed, "story");
Console.WriteLine(model);
StoryTraining.Run(model, stories, stepCount, Seed, cancellation.Token);

ModelFile.Write(model, path, "huggingface", WeightDataType.BFloat16, overwrite: true, cancellationToken: cancellation.Token);

using var generator = new TextGenerator(model);
for (ulong seed = 0; seed < 3; seed++)
    Console.WriteLine($"\nOnce upon a time{generator.Complete("Once upon a time", new SamplingOptions { Seed = seed, MaxTokens = 250 })}");
