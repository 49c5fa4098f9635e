using PsGpt.Tensors;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Tensors;

public sealed class TensorSetTests
{
    [Fact]
    public void A_copy_has_the_values_of_all_tensors_and_a_cleared_set_has_none()
    {
        using var model = SmallTraining.NewModel();
        using var copy = new TensorSet(model.Weights.Shapes);
        model.Weights.CopyTo(copy);
        foreach (var tensor in model.Weights.Tensors)
            Assert.Equal(tensor.Span.ToArray(), copy[tensor.Name].Span.ToArray());
        copy.Clear();
        Assert.All(copy.Tensors, tensor => Assert.False(tensor.Span.ContainsAnyExcept(0f)));
    }

    /// <summary>
    /// nanoGPT, model.py, <c>configure_optimizers</c>: parameters of two dimensions decay, embeddings and head among them.
    /// </summary>
    [Fact]
    public void A_tensor_of_two_dimensions_in_each_layer_is_a_matrix()
    {
        var configuration = SmallTraining.Configuration with { HasTiedHead = false, HasHeadBias = true };
        foreach (var shape in configuration.GetParameterShapes())
            Assert.Equal(shape.Sizes.Length - (shape.IsStacked ? 1 : 0) >= 2, shape.IsMatrix);
    }
}
