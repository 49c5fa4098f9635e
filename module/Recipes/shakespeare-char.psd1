# nanoGPT's config/train_shakespeare_char.py. On a CPU this takes hours.
@{
    Description = 'nanoGPT''s character model of Shakespeare, 11 million parameters'
    Model       = @{
        Tokenizer     = 'character'
        LayerCount    = 6
        HeadCount     = 6
        ChannelCount  = 384
        ContextLength = 256
        Activation    = 'GeluErf'
        Dropout   = 0.2
        NoBias        = $true
    }
    Parameters  = @{
        Steps              = 5000
        BatchSize          = 64
        SequenceLength     = 256
        LearningRate       = 1e-3
        MinLearningRate    = 1e-4
        Schedule           = 'cosine'
        WarmupSteps        = 100
        Beta2              = 0.99
        WeightDecay        = 0.1
        ClipNorm           = 1
        ValidationInterval = 250
        ValidationBatches  = 200
    }
}
