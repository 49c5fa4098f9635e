using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

/// <summary>GEMM reads nothing behind the end of its operands, and computes the same there as anywhere else.</summary>
public sealed unsafe class MatMulBoundsTests
{
    /// <summary>Sizes on both sides of each way to compute a product, with last tiles of every height and width.</summary>
    public static TheoryData<string, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, int>();
            foreach (var name in KernelNames.All)
            {
                (int M, int K, int N)[] sizes =
                [
                    (1, 7, 5), (1, 67, 45), (2, 3, 5), (3, 23, 130), (6, 37, 43), (13, 31, 33), (37, 65, 66), (38, 40, 131),
                    (39, 131, 41), (35, 400, 61), (400, 33, 125), (17, 67, 110), (61, 130, 130), (61, 1024, 270), (61, 1024, 70),
                    (521, 40, 61), (390, 30, 410),
                ];
                foreach (var (m, k, n) in sizes)
                    shapes.Add(name, m, k, n);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Nothing_is_read_behind_an_operand(string name, int rows, int inputs, int outputs)
    {
        var kernels = KernelNames.Get(name);
        using Buffer x = new(rows * inputs, 1), w = new(outputs * inputs, 2), b = new(outputs, 3), r = new(rows * outputs, 4);
        using Buffer y = new(rows * outputs), activated = new(rows * outputs);
        using Buffer dx = new(rows * inputs), dw = new(outputs * inputs), db = new(outputs);
        using GuardedMemory gx = new(x.Span), gw = new(w.Span), gb = new(b.Span), gr = new(r.Span);
        using GuardedMemory gy = new(y.Span), gActivated = new(y.Span), gdx = new(dx.Span), gdw = new(dw.Span), gdb = new(db.Span);

        kernels.MatMulForward(y.Pointer, x.Pointer, w.Pointer, b.Pointer, r.Pointer, new(rows, inputs, outputs));
        kernels.MatMulForward(gy.Pointer, gx.Pointer, gw.Pointer, gb.Pointer, gr.Pointer, new(rows, inputs, outputs));
        AssertSame(y, gy);
        kernels.MatMulActivationForward(
            y.Pointer, activated.Pointer, x.Pointer, w.Pointer, b.Pointer, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
        kernels.MatMulActivationForward(
            gy.Pointer, gActivated.Pointer, gx.Pointer, gw.Pointer, gb.Pointer, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
        AssertSame(activated, gActivated);
        kernels.MatMulBackwardInput(dx.Pointer, r.Pointer, w.Pointer, x.Pointer, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
        kernels.MatMulBackwardInput(
            gdx.Pointer, gr.Pointer, gw.Pointer, gx.Pointer, ActivationFunction.GeluTanh, new(rows, inputs, outputs));
        AssertSame(dx, gdx);
        foreach (var accumulate in new[] { false, true })
        {
            kernels.MatMulBackwardWeight(dw.Pointer, db.Pointer, r.Pointer, x.Pointer, new(rows, inputs, outputs), accumulate);
            kernels.MatMulBackwardWeight(gdw.Pointer, gdb.Pointer, gr.Pointer, gx.Pointer, new(rows, inputs, outputs), accumulate);
            AssertSame(dw, gdw);
            AssertSame(db, gdb);
        }
    }

    private static void AssertSame(Buffer expected, GuardedMemory actual) => Assert.Equal(expected.Span, actual.Span);
}
