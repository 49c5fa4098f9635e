using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>The recipes that are known by name.</summary>
public static class RecipeCatalog
{
    static RecipeCatalog()
    {
        Registry.Register(Baby);
        Registry.Register(Shakespeare);
        Registry.Register(NanoGptCpu);
        Registry.Register(ShakespeareChar);
        Registry.Register(GptPy);
        Registry.Register(Llmc);
        Registry.Register(Gpt2Finetune);
        Registry.Register(LogLines);
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<Recipe> Registry { get; } = new("recipe");

    // nanoGPT's model and batches for a CPU, trained by Muon: the same loss in a fifth of the steps. The rates are for this size;
    // larger models want smaller ones.
    private static Recipe Baby => new(
        "baby", "A small character model, trained by Muon in seconds",
        new TrainingRunOptions
        {
            Steps = 400, BatchSize = 12, SequenceLength = 64, ValidationInterval = 100, ValidationBatches = 20,
            Schedule = "warmup-stable-decay", DecayFraction = 0.6,
            Trainer = new()
            {
                Optimizer = "muon", LearningRate = 0.03f, WeightDecay = 0, ClipNorm = 0,
                Muon = new() { Momentum = 0.9f, AdamWLearningRate = 0.01f },
            },
        },
        NanoGptCpuModel);

    // For tinyshakespeare and half an hour of two processor cores. docs/shakespeare.md has what was tried, and what it reaches.
    private static Recipe Shakespeare => new(
        "shakespeare", "A character model of Shakespeare, 5 million parameters, trained by Muon in half an hour",
        new TrainingRunOptions
        {
            Steps = 1200, BatchSize = 32, SequenceLength = 256, ValidationInterval = 300, ValidationBatches = 14,
            Schedule = "linear", WarmupSteps = 20,
            Trainer = new()
            {
                Optimizer = "muon", LearningRate = 0.03f, WeightDecay = 0.1f, ClipNorm = 0,
                Muon = new() { Momentum = 0.9f, AdamWLearningRate = 0.01f },
            },
        },
        new RecipeModel
        {
            Tokenizer = RecipeModel.CharacterTokenizer, LayerCount = 6, HeadCount = 4, ChannelCount = 256, ContextLength = 256,
            Activation = ActivationFunction.GeluErf, Dropout = 0.1f, NoBias = true, PositionAmplitude = 0.3f,
        });

    // nanoGPT's README, "I only have a macbook": train.py config/train_shakespeare_char.py --device=cpu --eval_iters=20 --block_size=64
    // --batch_size=12 --n_layer=4 --n_head=4 --n_embd=128 --max_iters=2000 --lr_decay_iters=2000 --dropout=0.0
    private static Recipe NanoGptCpu => new(
        "nanogpt-cpu", "nanoGPT's character model for a CPU, trained as nanoGPT trains it",
        NanoGptTraining with { Steps = 2000, BatchSize = 12, SequenceLength = 64, ValidationBatches = 20 }, NanoGptCpuModel);

    // nanoGPT's config/train_shakespeare_char.py. On a CPU this takes hours.
    private static Recipe ShakespeareChar => new(
        "shakespeare-char", "nanoGPT's character model of Shakespeare, 11 million parameters",
        NanoGptTraining with { Steps = 5000, BatchSize = 64, SequenceLength = 256, ValidationBatches = 200 },
        new RecipeModel
        {
            Tokenizer = RecipeModel.CharacterTokenizer, LayerCount = 6, HeadCount = 6, ChannelCount = 384, ContextLength = 256,
            Activation = ActivationFunction.GeluErf, Dropout = 0.2f, NoBias = true,
        });

    // karpathy/ng-video-lecture, gpt.py: its architecture, and torch's defaults for AdamW. On a CPU this takes hours.
    private static Recipe GptPy => new(
        "gpt.py", "The character model of gpt.py: ReLU, a head of its own, decay on all weights",
        new TrainingRunOptions
        {
            Steps = 5000, BatchSize = 64, SequenceLength = 256, ValidationInterval = 500, ValidationBatches = 200, ValidateFirst = true,
            Trainer = new() { AdamW = new() { Beta2 = 0.999f }, WeightDecay = 0.01f, DecayAll = true, ClipNorm = 0 },
        },
        new RecipeModel
        {
            Tokenizer = RecipeModel.CharacterTokenizer, LayerCount = 6, HeadCount = 6, ChannelCount = 384, ContextLength = 256,
            Activation = ActivationFunction.Relu, Dropout = 0.2f, NoQueryKeyValueBias = true, UntiedHead = true, HeadBias = true,
        });

    // llm.c's train_gpt2.c: the loop, and the numbers that it gives to AdamW.
    private static Recipe Llmc => new(
        "llm.c", "The loop of llm.c's train_gpt2.c",
        new TrainingRunOptions
        {
            Steps = 40, SequenceLength = 64, Order = BatchOrder.Shuffled, Seed = 42, ValidateFirst = true,
            Trainer = new() { LearningRate = 1e-4f, AdamW = new() { Beta2 = 0.999f }, WeightDecay = 0, ClipNorm = 0, Seed = 42 },
        });

    // For GPT-2 and a text of your own: nanoGPT's config/finetune_shakespeare.py with shorter rows, so that a step takes seconds on a
    // CPU.
    private static Recipe Gpt2Finetune => new(
        "gpt2-finetune", "Small careful steps for a model that is trained already",
        new TrainingRunOptions
        {
            Steps = 40, BatchSize = 2, Accumulation = 8, SequenceLength = 256, ValidationInterval = 5, ValidationBatches = 10, Patience = 4,
            Trainer = new() { LearningRate = 3e-5f, Dropout = 0.1f },
        });

    // For lines that are to be told from unlike ones by Measure-GptText -PerString. docs/logs.md has the measurements behind each number.
    private static Recipe LogLines => new(
        "log-lines", "A small model of the lines of a log, to find lines that are unlike them",
        new TrainingRunOptions
        {
            Steps = 250, BatchSize = 16, SequenceLength = 96, ValidationInterval = 0, Schedule = "linear",
            Trainer = new() { Optimizer = "muon", LearningRate = 0.02f, WeightDecay = 0 },
        },
        new RecipeModel
        {
            Tokenizer = RecipeModel.BytePairTokenizer, VocabularySize = 512, LayerCount = 2, ChannelCount = 64, ContextLength = 96,
        });

    private static TrainingRunOptions NanoGptTraining => new()
    {
        Schedule = "cosine", WarmupSteps = 100, MinLearningRate = 1e-4f, ValidationInterval = 250,
        Trainer = new() { LearningRate = 1e-3f, AdamW = new() { Beta2 = 0.99f } },
    };

    private static RecipeModel NanoGptCpuModel => new()
    {
        Tokenizer = RecipeModel.CharacterTokenizer, ContextLength = 64, Activation = ActivationFunction.GeluErf, NoBias = true,
    };
}
