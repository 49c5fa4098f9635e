namespace PsGpt.Samples;

/// <summary>A cake for somebody dear lacks one thing, and a friend has it.</summary>
internal static class BirthdayCakePlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("cake | missing | reason",
                "honey cake | honey | the honey jar was empty",
                "berry pie | berries | the birds had eaten every berry",
                "nut bread | nuts | the nuts had rolled away down the hill",
                "apple cake | apples | the apples were still too green",
                "plum pie | plums | the plums hung too high in the tree",
                "carrot cake | carrots | there was not one carrot left in the garden"),
            new("guest", "grandmother", "grandfather", "mother", "father", "teacher", "little sister", "little brother"),
        ],
        [
            [
                "{hero} wanted to bake {a cake} for the birthday of {his} {guest}.",
                "The birthday of {his} {guest} was near, and {hero} had a plan. {He} would bake {a cake}!",
                "{Day}, {hero} wanted to surprise {his} {guest} with {a cake}.",
            ],
            [
                "{He} put on {his} apron and took out the biggest bowl.",
                "{He} mixed milk and flour until {his} nose was white.",
                "{He} made a fire in the oven and washed {his} hands.",
            ],
            ["But oh dear, {reason}!", "Then {he} stopped, because {reason}.", "But when {he} looked, {reason}."],
            [
                "\"What shall I do now?\" said {hero}.",
                "\"I cannot make {a cake} without {missing},\" said {hero} with a sigh.",
                "{hero} sat down on the floor and did not know what to do.",
            ],
            [
                "{friend} the {friend.kind} smelled the warm oven and looked in at the window.",
                "At that moment, {friend} the {friend.kind} knocked on the door.",
                "Just then, {a friend.kind} named {friend} came to say hello.",
            ],
            [
                "\"I have {missing} at home,\" said {friend}, and soon {friend.he} was back with a full basket.",
                "\"I know where to find {missing},\" said {friend}. \"Come with me!\"",
                "\"Do not worry,\" said {friend}. \"I will share my {missing} with you.\"",
            ],
            [
                "They stirred and sang, and the whole house began to smell sweet.",
                "{friend} stirred, {hero} tasted, and soon the {cake} was in the oven.",
                "Together they worked all afternoon, and the {cake} came out warm and golden.",
            ],
            [
                "When {his} {guest} saw the {cake}, there were happy tears and a long hug.",
                "{His} {guest} ate three big pieces and asked for more.",
                "\"This is the best {cake} in the world,\" said {his} {guest}.",
            ],
            [
                "\"The best part,\" said {hero}, \"was making it together.\"",
                "{hero} learned that sharing makes everything taste sweeter.",
                "\"Next time, we will bake one for you,\" said {hero} to {friend}.",
            ],
        ]);
}
