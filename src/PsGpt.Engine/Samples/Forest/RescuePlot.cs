namespace PsGpt.Samples;

/// <summary>A baby animal is in trouble, and the hero is too small to help alone.</summary>
internal static class RescuePlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("baby", "duckling", "lamb", "baby bird", "kitten", "puppy", "baby deer", "little turtle"),
            new("trouble | tool | act",
                "stuck in the deep mud | a long branch | pulled the {baby} out of the mud",
                "caught in a thorn bush | a big leaf | bent the thorns to one side",
                "trapped under a fallen tree | a strong stick | lifted the tree a little",
                "sitting alone on a rock in the river | a log | pushed the log over to the rock",
                "at the bottom of a dark hole | a long rope | pulled the {baby} up",
                "caught in a net of vines | a sharp stone | cut the vines one by one"),
        ],
        [
            [
                "{Day}, {hero} was picking flowers when {he} heard a small cry.",
                "{Day}, {hero} was on the way home when {he} heard somebody call for help.",
                "{Day}, while {hero} was looking for mushrooms, {he} heard a sad little voice.",
            ],
            [
                "{He} followed the sound and found {a baby} that was {trouble}.",
                "Behind the trees, {he} saw {a baby} that was {trouble}.",
            ],
            [
                "\"Please help me!\" cried the {baby}. \"I want to go home to my mother.\"",
                "\"I cannot get out,\" said the {baby}, and it shook with fear.",
            ],
            [
                "{hero} tried with all {his} might, but {he} was too small.",
                "{hero} pulled and pushed, but it was no use.",
                "{hero} tried once, twice and three times, but {he} was not strong enough.",
            ],
            [
                "{He} hurried to {his} friend {friend}, {a friend.kind} who lived nearby.",
                "{He} ran as fast as {he} could to the house of {friend} the {friend.kind}.",
                "{He} called for {friend} the {friend.kind}, and {friend.he} came at once.",
            ],
            [
                "\"I know what to do,\" said {friend}. \"We need {tool}.\"",
                "{friend} looked and thought for a moment. \"We need {tool},\" {friend.he} said.",
            ],
            [
                "They found {tool}, counted to three and {act}.",
                "They brought {tool}, and together they {act}.",
            ],
            [
                "The {baby} was free, and its mother thanked them with a basket of sweet berries.",
                "They took the {baby} home, and its mother kissed them all.",
                "\"Hurray!\" cried the {baby}, and it gave them both a kiss.",
            ],
            [
                "{hero} learned that even the smallest one can be a hero.",
                "\"You are very brave,\" said {friend}, and {hero} smiled from ear to ear.",
                "{hero} knew now that it is wise to ask for help.",
            ],
        ]);
}
