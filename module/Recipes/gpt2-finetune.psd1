# For Import-GptModel gpt2 and a text of your own: nanoGPT's config/finetune_shakespeare.py with shorter rows, so that a step takes
# seconds on a CPU.
@{
    Description = 'Small careful steps for a model that knows much already'
    Parameters  = @{
        Steps              = 40
        BatchSize          = 2
        Accumulation       = 8
        SequenceLength     = 256
        LearningRate       = 3e-5
        Schedule           = 'constant'
        WeightDecay        = 0.1
        ClipNorm           = 1
        Dropout            = 0.1
        ValidationInterval = 5
        ValidationBatches  = 10
        Patience           = 4
    }
}
