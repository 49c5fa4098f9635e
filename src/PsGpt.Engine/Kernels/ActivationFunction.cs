namespace PsGpt.Kernels;

/// <summary>The non-linearity between the two matrices of a block's feed-forward part.</summary>
public enum ActivationFunction
{
    /// <summary>GELU by its tanh approximation: GPT-2, llm.c; <c>gelu_new</c> in Hugging Face's files.</summary>
    GeluTanh,

    /// <summary>GELU by the error function: nanoGPT; <c>gelu</c> in Hugging Face's files.</summary>
    GeluErf,

    /// <summary>max(0, x): gpt.py; <c>relu</c> in Hugging Face's files.</summary>
    Relu,
}
