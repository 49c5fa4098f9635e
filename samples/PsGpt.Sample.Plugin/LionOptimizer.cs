using PsGpt.Kernels.Threading;
using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Sample.Plugin;

/// <summary>An optimizer: Lion (Chen et al. 2023), which moves each parameter by the sign of a momentum.</summary>
public sealed class LionOptimizer : OptimizerPlugin
{
    /// <summary>PsGpt makes one of these when the module is imported, and from it an optimizer for each run.</summary>
    public LionOptimizer()
        : base("sample-lion", "Lion: the sign of a momentum.", setup => new Lion(setup)) =>
        Parameters =
        [
            new PluginParameter("LionBeta1", 0.9f, "The share of the momentum in the direction."),
            new PluginParameter("LionBeta2", 0.99f, "The share of the momentum that is kept."),
        ];

    private sealed class Lion(OptimizerSetup setup) : IOptimizer
    {
        private readonly float beta1 = setup.Arguments.Get<float>("LionBeta1");
        private readonly float beta2 = setup.Arguments.Get<float>("LionBeta2");

        // Checkpoints hold it by this name, so that a run continues exactly.
        private readonly TensorSet momentum = setup.GetMoment("sample-lion.m");

        public void Update(TensorSet gradients, in OptimizerStep step)
        {
            var numbers = step;
            WorkTeam.For(setup.Parts.Count, (start, end) =>
            {
                for (var i = start; i < end; i++)
                    Update(setup.Parts[i], gradients, numbers);
            }, step.CancellationToken);
        }

        private void Update(ParameterPart part, TensorSet gradients, OptimizerStep step)
        {
            var decay = part.Shape.IsMatrix ? setup.Options.WeightDecay : 0;
            for (var layer = 0; layer < part.LayerCount; layer++)
            {
                var weights = part.In(setup.Model.GetWeights(), layer);
                var m = part.In(momentum, layer);
                var gradient = part.In(gradients, layer);
                for (var i = 0; i < weights.Length; i++)
                {
                    var g = step.GradientScale * gradient[i];
                    var direction = MathF.Sign((beta1 * m[i]) + ((1 - beta1) * g));
                    weights[i] -= step.LearningRate * (direction + (decay * weights[i]));
                    m[i] = (beta2 * m[i]) + ((1 - beta2) * g);
                }
            }
        }
    }
}
