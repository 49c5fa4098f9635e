using PsGpt.Data;
using PsGpt.Evaluation;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Benchmarks;

/// <summary>How much more surprised a model in narrow weights is: trained on the first 9/10 of a text, measured on the rest.</summary>
internal static class QualityBenchmark
{
    private const int Steps = 300;

    public static void Run(string textPath, IKernels kernels, BenchmarkReport report)
    {
        var text = File.ReadAllText(textPath);
        var end = text.Length * 9 / 10;
        var (training, validation) = (text[..end], text[end..Math.Min(text.Length, end + 50_000)]);
        var tokenizer = CharacterTrainer.Train([text]);
        using var model = ModelInitializer.Create(
            Models.Baby with { VocabularySize = tokenizer.VocabularySize }, tokenizer, seed: 1);
        Train(model, tokenizer.Encode(training), kernels);
        var loss = TextScorer.Score(model, validation).Loss;
        foreach (var (type, bar) in new[] { (WeightDataType.BFloat16, 0.1), (WeightDataType.Q8_0, 0.5) })
        {
            using var narrow = NarrowModel.Of(model, type);
            var more = 100 * (Math.Exp(TextScorer.Score(narrow, validation).Loss - loss) - 1);
            report.Add(new($"{Path.GetFileName(textPath)}, perplexity {Math.Exp(loss):0.00}, {type}", more, "% more", bar));
        }
    }

    private static void Train(GptModel model, int[] tokens, IKernels kernels)
    {
        const int Rows = 12, Length = 64;
        using var trainer = new Trainer(model, new TrainerOptions { LearningRate = 1e-3f }, kernels);
        var random = new RandomStream(1);
        for (var step = 0; step < Steps; step++)
        {
            var (inputs, targets) = (new int[Rows * Length], new int[Rows * Length]);
            for (var row = 0; row < Rows; row++)
            {
                var start = random.NextInt32(tokens.Length - Length - 1);
                tokens.AsSpan(start, Length).CopyTo(inputs.AsSpan(row * Length));
                tokens.AsSpan(start + 1, Length).CopyTo(targets.AsSpan(row * Length));
            }

            trainer.Step(new TokenBatch(inputs, targets, Rows, Length, tokenizerName: null));
        }
    }
}
