namespace PsGpt.Samples;

/// <summary>A boaster loses a race against somebody slow and steady.</summary>
internal static class RacePlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("kind", "fox", "hare", "rabbit", "squirrel", "otter", "raccoon"),
            new("friend.kind", "tortoise", "snail", "duck", "toad", "goose", "caterpillar"),
            new("trait | habit",
                "proud | told everybody how fast {he} was",
                "lively | raced the wind across the grass",
                "loud | shouted so that everyone looked at {him}"),
            new("goal",
                "the big rock", "the old mill", "the tall pine", "the stone bridge", "the top of the hill", "the other side of the field"),
            new("delay",
                "lay down in the grass to take a nap",
                "stopped to eat berries until {his} belly was full",
                "stopped to look at {himself} in the pond",
                "took a short way and got stuck in the mud",
                "stopped to chase a yellow butterfly"),
        ],
        [
            [
                "{hero} was the fastest runner in the forest, and {he} never stopped talking about it.",
                "Nobody in the forest could run as fast as {hero}.",
            ],
            [
                "{Day}, {he} met {friend}, {a friend.kind} who was never in a hurry.",
                "{Day}, {friend} the {friend.kind} came slowly along the path.",
            ],
            ["\"You are so slow!\" laughed {hero}.", "\"Are you asleep?\" asked {hero} with a laugh."],
            [
                "\"Let us race to {goal},\" said {friend} with a smile.",
                "\"Then race me to {goal},\" said {friend}. \"We will see who is there first.\"",
            ],
            [
                "\"Ready, steady, go!\" called a little bird, and {hero} ran like the wind.",
                "A little bird gave the sign, and in a moment {hero} was gone.",
            ],
            [
                "\"I have plenty of time,\" {he} thought, and {he} {delay}.",
                "But {he} was so sure to win that {he} {delay}.",
            ],
            [
                "{friend} went on, step by step, and did not stop once.",
                "{friend} did not hurry and did not rest, but just went on and on.",
            ],
            [
                "When {hero} looked up, {friend} was already at {goal}!",
                "When {hero} came to {goal} at last, {friend} was there already.",
            ],
            [
                "All the animals cheered, and {hero} turned red.",
                "\"I just kept going,\" said {friend} with a smile.",
                "{hero} could not believe {his} eyes, but then {he} began to laugh.",
            ],
            [
                "From that day on, {he} never laughed at anyone for being slow.",
                "{hero} said that {he} was sorry, and they shared the prize, a big sweet melon.",
                "{He} learned that slow and steady wins the race.",
            ],
        ]);
}
