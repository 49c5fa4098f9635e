# nanoGPT's README, "I only have a macbook": train.py config/train_shakespeare_char.py --device=cpu --eval_iters=20 --block_size=64
# --batch_size=12 --n_layer=4 --n_head=4 --n_embd=128 --max_iters=2000 --lr_decay_iters=2000 --dropout=0.0
@{
    Description = 'nanoGPT''s character model for a CPU, trained as nanoGPT trains it'
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
        Steps              = 2000
        BatchSize          = 12
        SequenceLength     = 64
        LearningRate       = 1e-3
        MinLearningRate    = 1e-4
        Schedule           = 'cosine'
        WarmupSteps        = 100
        Beta2              = 0.99
        WeightDecay        = 0.1
        ClipNorm           = 1
        ValidationInterval = 250
        ValidationBatches  = 20
    }
}
