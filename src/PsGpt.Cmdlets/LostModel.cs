using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Warns where a training is lost with its model, which nobody but the cmdlet has.</summary>
internal static class LostModel
{
    /// <param name="cmdlet">A cmdlet that trains a model and does not emit it.</param>
    /// <param name="model">The model; null for one that the cmdlet makes.</param>
    public static void Warn(GptCmdlet cmdlet, GptModel? model)
    {
        if (model is null || ModelTransformationAttribute.IsImported(model))
        {
            cmdlet.WriteWarning("The trained model is not kept. Add -PassThru and use the model that is emitted, such as: "
                + "… -PassThru | Export-GptModel -Path story");
        }
    }
}
