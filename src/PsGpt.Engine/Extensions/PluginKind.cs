namespace PsGpt.Extensions;

/// <summary>The kinds of plug-in.</summary>
public enum PluginKind
{
    /// <summary>Turns text into tokens: a class that extends <c>TokenizerPlugin</c>.</summary>
    Tokenizer,

    /// <summary>Cuts text before byte pairs are merged: a class that implements <c>IPreTokenizer</c>.</summary>
    TextSplitter,

    /// <summary>Reads and writes models: a class that implements <c>IModelFormat</c>.</summary>
    ModelFormat,

    /// <summary>Reads and writes tokenizers: a class that implements <c>ITokenizerFormat</c>.</summary>
    TokenizerFormat,

    /// <summary>Turns gradients into updates: a class that extends <c>OptimizerPlugin</c>.</summary>
    Optimizer,

    /// <summary>Says how the learning rate goes: a class that implements <c>ILearningRateSchedule</c>.</summary>
    Schedule,

    /// <summary>Changes logits before a token is drawn: a class that extends <c>SamplerPlugin</c>.</summary>
    Sampler,

    /// <summary>Takes batches from a text: a class that extends <c>BatchSourcePlugin</c>.</summary>
    BatchSource,

    /// <summary>Looks at each step of a run: a class that extends <c>StepObserverPlugin</c>.</summary>
    StepObserver,

    /// <summary>Draws the losses of runs, or tensors: a class that implements <c>IChartFormat</c>.</summary>
    Chart,
}
