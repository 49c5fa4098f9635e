using PsGpt.Formats;
using PsGpt.Formats.Gguf;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

public sealed class GgufMutationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(WeightDataType.Float32)]
    [InlineData(WeightDataType.Q8_0)]
    public void Mutated_files_end_in_a_model_or_a_clear_error(WeightDataType dataType)
    {
        var trainer = new BytePairTrainer();
        trainer.Add("to be or not to be");
        using (var model =
            ModelInitializer.Create(MutationTests.TinyModel with { VocabularySize = 260, ChannelCount = 32 }, trainer.Train(260), seed: 1))
            ModelFile.Write(model, folder["model"], "gguf", dataType);
        MutationTests.Mutate(File.ReadAllBytes(folder["model"]),
            bytes => GgufFormat.Read(new MemoryBytes(bytes), "model", new ModelReadOptions(), CancellationToken.None).Dispose());
    }
}
