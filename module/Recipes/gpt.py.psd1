# karpathy/ng-video-lecture, gpt.py: its architecture, and torch's defaults for AdamW. On a CPU this takes hours.
@{
    Description = 'The character model of gpt.py: ReLU, a head of its own, decay on all weights'
    Model       = @{
        Tokenizer           = 'character'
        LayerCount          = 6
        HeadCount           = 6
        ChannelCount        = 384
        ContextLength       = 256
        Activation          = 'Relu'
        Dropout         = 0.2
        NoQueryKeyValueBias = $true
        UntiedHead          = $true
        HeadBias            = $true
    }
    Parameters  = @{
        Steps              = 5000
        BatchSize          = 64
        SequenceLength     = 256
        LearningRate       = 3e-4
        Beta2              = 0.999
        WeightDecay        = 0.01
        DecayAll           = $true
        ClipNorm           = 0
        ValidationInterval = 500
        ValidationBatches  = 200
        ValidateFirst      = $true
    }
}
