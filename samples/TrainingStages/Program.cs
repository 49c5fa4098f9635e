// A training step in its stages: forward, backward, a look at the gradients, update.
// Run it with: dotnet run -c Release --project samples/TrainingStages
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Samples;
using PsGpt.Training;

using var model = BuiltInModel.Load();
var tokens = SampleText.GenerateTokens(model.Tokenizer!, count: 60, seed: 1, SampleTheme.Sea);
using var trainer = new Trainer(model, new TrainerOptions { LearningRate = 3e-4f });

// Batches of 4 x 64 tokens, cut from the text in order; a target is the token that follows its input.
const int BatchSize = 4, SequenceLength = 64, Length = BatchSize * SequenceLength;
for (var i = 0; i < 5; i++)
{
    var ids = tokens.Ids.AsSpan(i * Length, Length + 1);
    var batch = new TokenBatch(ids[..^1].ToArray(), ids[1..].ToArray(), BatchSize, SequenceLength, tokens.TokenizerName);

    // Forward: the loss. Backward: the gradients, which are views that can be read and changed.
    using var forward = ForwardResult.Compute(model, batch);
    using var backward = forward.Backward();
    var largest = backward.PerLayer().MaxBy(gradient => gradient.Norm)!;
    Console.WriteLine($"loss {forward.Loss:0.000}, gradient norm {backward.GradientNorm:0.000}, most in {largest.Name}");

    // The positions keep their embedding: with a gradient of 0 the optimizer moves them by nothing but weight decay.
    foreach (var gradient in backward.Stacked().Where(gradient => gradient.Name == "wpe"))
        gradient.Fill(0);

    // Update. Several batches make one step with trainer.Accumulate(backward) for each and one trainer.Update().
    var step = trainer.Update(backward);
    Console.WriteLine($"step {step.Step}: updated by a gradient of norm {step.GradientNorm:0.000}\n");
}
