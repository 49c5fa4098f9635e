# llm.c's train_gpt2.c: the loop, and the numbers that it gives to AdamW.
@{
    Description = 'The loop of llm.c''s train_gpt2.c'
    Parameters  = @{
        Steps              = 40
        BatchSize          = 4
        SequenceLength     = 64
        Order              = 'Shuffled'
        Seed               = 42
        LearningRate       = 1e-4
        Beta2              = 0.999
        WeightDecay        = 0
        ClipNorm           = 0
        ValidationInterval = 10
        ValidationBatches  = 5
        ValidateFirst      = $true
    }
}
