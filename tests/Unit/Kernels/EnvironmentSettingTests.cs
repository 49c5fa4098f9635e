using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

/// <summary>What users may force: a wrong value is told, not passed over, since nobody would see that it had no effect.</summary>
public sealed class EnvironmentSettingTests
{
    private static readonly IReadOnlyList<IKernels> Available = KernelCatalog.GetAvailable(new ThreadTeam(1));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("7", 7)]
    [InlineData("8", 8)]
    public void A_number_of_threads_is_taken(string setting, int count) => Assert.Equal(count, ThreadTeam.CountFrom(setting, 8));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Without_a_number_all_processors_are_used(string? setting) => Assert.Equal(8, ThreadTeam.CountFrom(setting, 8));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9")]
    [InlineData("1024")]
    [InlineData("two")]
    [InlineData("2.0")]
    [InlineData("99999999999")]
    public void Another_number_of_threads_is_an_error(string setting) =>
        Assert.Equal("ThreadCountInvalid", Assert.Throws<GptException>(() => ThreadTeam.CountFrom(setting, 8)).ErrorId);

    [Theory]
    [InlineData("scalar")]
    [InlineData("SCALAR")]
    public void Kernels_are_forced_by_name(string setting) => Assert.Equal("scalar", KernelCatalog.Choose(setting, Available).Name);

    [Fact]
    public void Without_a_name_the_best_kernels_are_used() => Assert.Same(Available[0], KernelCatalog.Choose(null, Available));

    [Fact]
    public void Kernels_that_the_machine_lacks_are_an_error()
    {
        var error = Assert.Throws<GptException>(() => KernelCatalog.Choose("avx1024", Available));
        Assert.Equal("KernelsNotAvailable", error.ErrorId);
        Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
    }
}
