# nanoGPT's model and batches for a CPU, trained by Muon: the same loss in a fifth of the steps.
# The rates are for this size; larger models want smaller ones.
@{
    Description = 'A small character model, trained by Muon in seconds'
    Model       = @{
        Tokenizer     = 'character'
        LayerCount    = 4
        HeadCount     = 4
        ChannelCount  = 128
        ContextLength = 64
        Activation    = 'GeluErf'
        NoBias        = $true
    }
    Parameters  = @{
        Steps                 = 400
        BatchSize             = 12
        SequenceLength        = 64
        Optimizer             = 'muon'
        LearningRate          = 0.03
        AdamWLearningRate = 0.01
        Momentum              = 0.9
        Beta2                 = 0.95
        WeightDecay           = 0
        ClipNorm              = 0
        Schedule              = 'warmup-stable-decay'
        DecayFraction            = 0.6
        ValidationInterval    = 100
        ValidationBatches     = 20
    }
}
