using PsGpt.Formats;
using PsGpt.Formats.Llmc;

namespace PsGpt.Unit.Formats;

public sealed class LlmcMutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Mutated_models_end_in_a_model_or_a_clear_error(int version)
    {
        var header = new LlmcHeader(version, MutationTests.TinyModel, version == 1 ? MutationTests.TinyModel.VocabularySize
            : MutationTests.TinyModel.PaddedVocabularySize);
        var whole = new byte[header.FileLength];
        header.ToBytes().CopyTo(whole, 0);
        MutationTests.Mutate(whole,
            bytes => LlmcFormat.Read(new MemoryBytes(bytes), "model.bin", new ModelReadOptions(), CancellationToken.None).Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_debug_states_end_in_a_state_or_a_clear_error(int version)
    {
        var c = MutationTests.TinyModel;
        const int B = 2, T = 3;
        var parameters = version == 1 ? c.ParameterCount : c.GetParameterShapes().Sum(shape => (long)shape.Length);
        var whole = new byte[1024 + (4 * ((B * T * (2 + c.VocabularySize)) + 1 + parameters))];
        Buffer.BlockCopy(new[] { 20240327, version, B, T }, 0, whole, 0, 16);
        MutationTests.Mutate(whole, bytes => LlmcDebugState.Read(new MemoryBytes(bytes), "state.bin", c, CancellationToken.None).Dispose());
    }
}
