using PsGpt.Inspection;
using PsGpt.Tensors;

namespace PsGpt.Unit.Inspection;

public sealed class OperatorTests
{
    public static TheoryData<string> WithBackward =>
        [.. OperatorCatalog.All.Where(candidate => candidate.HasBackward).Select(candidate => candidate.Name)];

    // The numbers of the worked examples in "The interactive transformer".
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Worked_numbers_hold(bool usesReference)
    {
        float[][] wte = [[0, 1], [2, 3]], wpe = [[4, 5]];
        Assert.Equal([6, 8], Run("encoder", usesReference, ("inp", 1), ("wte", wte), ("wpe", wpe))["out"]);

        var small = Run("attention", usesReference, ("inp", (float[])[1, 2, 3, 4, 5, 6]));
        Assert.Equal([5, 6], small["out"]);
        Assert.Equal([7.7781744f], small["preatt"]);

        float[][] rows = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [10, 11, 12, 13, 14, 15, 16, 17, 18]];
        var large = Run("attention", usesReference, ("inp", rows));
        Assert.Equal([18.475208f, 0, 96.417496f, 267.89053f], large["preatt"]);
        Assert.Equal([1, 0, 0, 1], large["att"]);
        Close([7, 8, 9, 16, 17, 18], large["out"], 1e-6);
    }

    [Fact]
    public void Softmax_and_cross_entropy_are_those_of_the_formulas()
    {
        double[] exponentials = [Math.Exp(1), Math.Exp(2), Math.Exp(3)];
        var probabilities = exponentials.Select(value => value / exponentials.Sum()).ToArray();
        Close(probabilities, Run("softmax", false, ("logits", (float[])[1, 2, 3]))["probs"], 1e-7);
        Close([-Math.Log(probabilities[1])], Run("crossentropy", false, ("logits", (float[])[1, 2, 3]), ("targets", 1))["losses"], 1e-6);
    }

    [Fact]
    public void AdamW_makes_the_step_of_its_formula()
    {
        // First step: both moments are corrected to the gradient and its square, so the step has the size of the learning rate.
        var result = Run("adamw", false, ("param", (float[])[1, -2]), ("grad", (float[])[0.5f, -4]), ("lr", 0.01f), ("weight_decay", 0.1f));
        Close([1 - 0.001 - 0.01, -2 + 0.002 + 0.01], result["param"], 1e-6);
        Close([0.05, -0.4], result["m"], 1e-7);
        Close([0.00025, 0.016], result["v"], 1e-6);
    }

    /// <summary>The gradient of sum(out · dout) by every input value, against a difference quotient of the reference operator.</summary>
    [Theory]
    [MemberData(nameof(WithBackward))]
    public void Gradients_agree_with_central_differences(string name)
    {
        var @operator = OperatorCatalog.Get(name);
        var inputs = Inputs(name);
        var output = name == "crossentropy" ? "losses" : name == "softmax" ? "probs" : "out";
        var weights = Weights(@operator.Invoke(inputs, usesReference: true).First(tensor => tensor.Name == output));
        var withGradient = new Dictionary<string, GptTensor>(inputs) { [$"d{output}"] = weights };
        foreach (var usesReference in new[] { true, false })
        {
            var gradients = @operator.Invoke(withGradient, isBackward: true, usesReference).ToDictionary(tensor => tensor.Name);
            foreach (var argument in @operator.BackwardOutputs.Where(argument => inputs.ContainsKey(argument.Name[1..])))
                Close(Differences(@operator, inputs, argument.Name[1..], output, weights), gradients[argument.Name].ToArray(), 2e-3);
        }
    }

    /// <summary>dP = dout · vᵀ, and dS = P · (dP − Σ P · dP), as the derivative of the softmax is.</summary>
    [Fact]
    public void Attention_shows_the_gradients_of_its_probabilities_and_scores()
    {
        const int T = 3, NH = 2, HS = 2, C = NH * HS;
        var inputs = Inputs("attention");
        var attention = OperatorCatalog.Get("attention");
        var made = attention.Invoke(inputs, usesReference: true).ToDictionary(tensor => tensor.Name, tensor => tensor);
        var (rows, dout, P) = (inputs["inp"].ToArray(), Weights(made["out"]), made["att"].ToArray());
        var shown = attention.Invoke(new Dictionary<string, GptTensor>(inputs) { ["dout"] = dout }, isBackward: true)
            .ToDictionary(tensor => tensor.Name, tensor => tensor.ToArray());
        var (dP, dS) = (new double[P.Length], new double[P.Length]);
        for (var i = 0; i < P.Length; i += T)
        {
            var (b, head, t) = (i / (NH * T * T), i / (T * T) % NH, i / T % T);
            for (var j = 0; j <= t; j++)
            {
                for (var d = head * HS; d < (head + 1) * HS; d++)
                    dP[i + j] += (double)dout.ToArray()[(((b * T) + t) * C) + d] * rows[(((b * T) + j) * 3 * C) + (2 * C) + d];
            }

            var sum = Enumerable.Range(i, T).Sum(k => P[k] * dP[k]);
            for (var j = 0; j <= t; j++)
                dS[i + j] = P[i + j] * (dP[i + j] - sum);
        }

        Close(dP, shown["datt"], 1e-5);
        Close(dS, shown["dpreatt"], 1e-5);
    }

    [Fact]
    public void A_missing_unknown_or_misshapen_input_is_an_error_that_lists_the_inputs()
    {
        (string Problem, (string, object)[] Inputs)[] cases =
        [
            ("'weight' (OC, C) is missing", [("inp", (float[])[1, 2])]),
            ("no input 'wait'", [("inp", (float[])[1, 2]), ("weight", (float[][])[[1, 2]]), ("wait", 1)]),
            ("'weight' is 1 x 3", [("inp", (float[])[1, 2]), ("weight", (float[][])[[1, 2, 3]])]),
        ];
        foreach (var (problem, inputs) in cases)
        {
            var error = Assert.Throws<GptException>(() => Run("matmul", false, inputs));
            Assert.Equal("OperatorInputInvalid", error.ErrorId);
            Assert.Contains(problem, error.Message);
            Assert.Contains("inp (B, T, C)", error.Message);
        }

        float[][] one = [[1]];
        Assert.Equal(
            "OperatorInputInvalid",
            Assert.Throws<GptException>(() => Run("encoder", false, ("inp", 7), ("wte", one), ("wpe", one))).ErrorId);
        Assert.Equal("OperatorNotFound", Assert.Throws<GptException>(() => OperatorCatalog.Get("conv")).ErrorId);
        var adamw = OperatorCatalog.Get("adamw");
        Assert.Equal(
            "OperatorHasNoBackward", Assert.Throws<GptException>(() => adamw.Invoke(Inputs("residual"), isBackward: true)).ErrorId);
    }

    private static Dictionary<string, GptTensor> Inputs(string name) => name switch
    {
        "encoder" => Tensors(("inp", (int[][])[[1, 0, 1]]), ("wte", Wave(2, 4)), ("wpe", Wave(3, 4))),
        "layernorm" => Tensors(("inp", Wave(3, 5)), ("weight", Wave(5)), ("bias", Wave(5))),
        "matmul" => Tensors(("inp", Wave(3, 4)), ("weight", Wave(2, 4)), ("bias", Wave(2))),
        "attention" => Tensors(("inp", Wave(2, 3, 12)), ("NH", 2)),
        "residual" => Tensors(("inp1", Wave(5)), ("inp2", Wave(5))),
        "softmax" => Tensors(("logits", Wave(2, 4))),
        "crossentropy" => Tensors(("logits", Wave(2, 4)), ("targets", (int[])[3, 0])),
        _ => Tensors(("inp", Wave(7))),
    };

    private static double[] Differences(
        GptOperator @operator, Dictionary<string, GptTensor> inputs, string name, string output, GptTensor weights)
    {
        const float Step = 1e-2f;
        var differences = new double[inputs[name].Length];
        for (var i = 0; i < differences.Length; i++)
        {
            double At(float offset)
            {
                var moved = inputs[name].Copy();
                var values = moved.ToArray();
                values[i] += offset;
                moved.SetValues(values);
                var outputs = @operator.Invoke(new Dictionary<string, GptTensor>(inputs) { [name] = moved }, usesReference: true);
                var result = outputs.First(tensor => tensor.Name == output).ToArray();
                return result.Zip(weights.ToArray(), (left, right) => (double)left * right).Sum();
            }

            // Four points: the error falls with the fourth power of the step, so the step may be large for float32.
            differences[i] = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
        }

        return differences;
    }

    private static GptTensor Weights(GptTensor output) =>
        new("d", output.Shape, [.. Enumerable.Range(0, (int)output.Length).Select(i => MathF.Cos(3 * i))]);

    private static GptTensor Wave(params int[] sizes) =>
        new("wave", sizes,
            [
                .. Enumerable.Range(0, sizes.Aggregate(1, (product, size) => product * size))
                    .Select(i => MathF.Sin(2.3f * (i + sizes.Length))),
            ]);

    private static Dictionary<string, GptTensor> Tensors(params (string Name, object Value)[] values) =>
        values.ToDictionary(pair => pair.Name, pair => GptTensor.From(pair.Name, pair.Value));

    private static Dictionary<string, float[]> Run(string name, bool usesReference, params (string Name, object Value)[] inputs) =>
        OperatorCatalog.Get(name).Invoke(Tensors(inputs), usesReference: usesReference)
            .ToDictionary(tensor => tensor.Name, tensor => tensor.ToArray());

    private static void Close(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"At {i}: {actual[i]} instead of {expected[i]}.");
    }
}
