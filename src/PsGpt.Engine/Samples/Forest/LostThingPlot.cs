namespace PsGpt.Samples;

/// <summary>Something dear is lost, and two pairs of eyes find it.</summary>
internal static class LostThingPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("lost | why",
                "shiny button | it was a gift from {his} grandmother",
                "golden key | it opened {his} little music box",
                "silver bell | it rang so sweetly",
                "red scarf | {his} mother had made it",
                "wooden whistle | {his} father had carved it",
                "blue marble | it looked like a piece of the sky",
                "lucky acorn | {he} had found it on {his} birthday",
                "striped feather | it came from a bird far away",
                "yellow ribbon | it was as bright as the sun"),
            new("hidden",
                "under a mossy stone",
                "inside a hollow log",
                "behind a big mushroom",
                "between the roots of a tree",
                "in the middle of a thorn bush",
                "in a nest full of little birds",
                "on the back of a sleeping snail",
                "beside the stream, in the tall grass"),
        ],
        [
            [
                "{hero} had one thing that {he} loved most of all, {a lost}, because {why}.",
                "More than anything, {hero} loved {his} {lost}, because {why}.",
                "{He} always carried {a lost}, because {why}.",
            ],
            [
                "{Day}, the {lost} was gone!",
                "{Day}, {he} wanted to look at it, but the {lost} was gone.",
                "But {day}, {he} could not find the {lost}.",
            ],
            [
                "{He} looked in {his} bed and under the table, but it was not there.",
                "{He} looked high and low, but {he} could not find it anywhere.",
                "{He} searched the whole path, up and down, and found only stones.",
            ],
            ["{meets} \"Why are you so sad?\" asked {friend}.", "{meets} \"What is wrong?\" asked {friend}."],
            [
                "\"I have lost my {lost},\" said {hero}.",
                "\"My {lost} is gone,\" said {hero}, \"and I will never find it.\"",
            ],
            [
                "\"Do not cry,\" said {friend}. \"Four eyes see more than two.\"",
                "\"Let us think,\" said {friend}. \"Where did you see it last?\"",
                "\"I will help you,\" said {friend}. \"We will look together.\"",
            ],
            [
                "And there, {hidden}, was the {lost}!",
                "At last, {friend} looked closer, and there was the {lost}, {hidden}!",
                "Suddenly {hero} gave a shout, because there it was, {hidden}.",
            ],
            [
                "\"Thank you!\" said {hero}. \"I could not have found it without you.\"",
                "{hero} gave {friend} the biggest hug in the forest.",
                "{He} had found {his} {lost}, but {he} had found something better, a good friend.",
                "{hero} learned that it is good to ask for help.",
                "Now {he} knew that a friend is the best treasure of all.",
            ],
        ]);
}
