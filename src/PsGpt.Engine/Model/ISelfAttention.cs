namespace PsGpt.Model;

/// <summary>The one part of a layer in which rows see each other, and in which training and decoding differ.</summary>
internal interface ISelfAttention
{
    /// <summary>Reads queries, keys and values of <paramref name="rowCount"/> rows and writes the attention of all heads.</summary>
    void Run(int layer, in LayerActivations values, int rowCount, DropoutMasks dropout);
}
