using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>Turns gradients into updates of the parameters that it was made for. Its moments belong to the training state.</summary>
public interface IOptimizer
{
    /// <summary>Updates the parameters in place; allocates nothing.</summary>
    /// <param name="gradients">The gradients, laid out as the parameters.</param>
    /// <param name="step">The numbers of this step.</param>
    void Update(TensorSet gradients, in OptimizerStep step);
}
