namespace PsGpt.Training;

/// <summary>Decides the learning rate of a step.</summary>
/// <param name="step">The number of the step within the run, from 1.</param>
/// <param name="scheduled">The learning rate of the run's schedule.</param>
/// <returns>The learning rate, 0 or more.</returns>
public delegate float LearningRateRule(int step, float scheduled);
