using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>The optimizers that are known by name.</summary>
public static class OptimizerCatalog
{
    static OptimizerCatalog()
    {
        Registry.Register(new OptimizerPlugin(
            "adamw", "AdamW, the usual optimizer of GPTs.", setup => new AdamWOptimizer(setup), typeof(AdamWOptions))
        {
            NeedsWholeLayers = _ => false,
        });
        Registry.Register(new OptimizerPlugin(
            "muon", "Muon for the matrices of the layers, AdamW for the rest: needs fewer steps.", setup => new MuonOptimizer(setup),
            typeof(MuonOptions), typeof(AdamWOptions))
        {
            NeedsWholeLayers = shape => shape.IsHiddenMatrix,
        });
        Registry.Register(new OptimizerPlugin(
            "sgd", "Gradient descent with momentum.", setup => new SgdOptimizer(setup), typeof(SgdOptions))
        {
            NeedsWholeLayers = _ => false,
        });
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<OptimizerPlugin> Registry { get; } = new("optimizer");
}
