namespace PsGpt.Model;

/// <summary>
/// The sums of squares of a model's largest gradients, taken when they were made: for the norm of all gradients, which then need
/// not be read from memory once more.
/// </summary>
internal sealed class GradientSquares(int layerCount)
{
    /// <summary>Of the token embedding, of which a tied head is a part.</summary>
    public double TokenEmbedding { get; set; }

    /// <summary>Of the head's matrix, without what the token embedding adds to it where the head is tied.</summary>
    public double Head { get; set; }

    /// <summary>(L): of a layer's four matrices together.</summary>
    public double[] Layers { get; } = new double[layerCount];
}
