namespace PsGpt.Training;

/// <summary>
/// Is called after each step of a run, before the step is emitted. The model stands at that step meanwhile.
/// One that is <see cref="IDisposable"/> is disposed with the run.
/// </summary>
public interface IStepObserver
{
    /// <summary>Looks at a step. An exception ends the run; the model stands at this step.</summary>
    /// <param name="observation">The step, the model, and the way to stop the run. Valid during the call.</param>
    void Observe(StepObservation observation);
}
