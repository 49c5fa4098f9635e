using PsGpt.Commands;
using PsGpt.Kernels;

namespace PsGpt.Unit.Module;

public sealed class KernelTableTests
{
    [Fact]
    public void A_line_has_its_columns_under_those_of_the_header()
    {
        var line = KernelTable.LineOf(new KernelTime("MatMulForward", 49, 125, 2.5e10, 1e9, 0.5));
        Assert.Equal(KernelTable.Header.Length, line.Length);
        Assert.Equal(["MatMulForward", "49", "125.00", "50.0%", "200", "8"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
