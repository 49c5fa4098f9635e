namespace PsGpt.Tensors;

/// <summary>The job of a tensor in a transformer. It decides the initialisation, the weight decay and the optimizer.</summary>
public enum TensorRole
{
    /// <summary>No parameter: an activation, a cache, working memory.</summary>
    None,

    /// <summary>(Vp,C): a row for each token.</summary>
    TokenEmbedding,

    /// <summary>(P,C): a row for each position.</summary>
    PositionEmbedding,

    /// <summary>(3C,C) in each layer: three square matrices, one below the other.</summary>
    QueryKeyValueMatrix,

    /// <summary>A matrix within a layer that reads the residual stream.</summary>
    HiddenMatrix,

    /// <summary>A matrix within a layer whose product is added to the residual stream.</summary>
    ResidualMatrix,

    /// <summary>The scale of a layer norm.</summary>
    Norm,

    /// <summary>The shift of a norm or of a matrix product.</summary>
    Bias,

    /// <summary>(Vp,C): a head that is not tied to the token embedding.</summary>
    Head,
}
