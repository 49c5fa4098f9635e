namespace PsGpt.Samples;

/// <summary>A funny voice turns out to be the one that the choir was missing.</summary>
internal static class ChoirPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("sound | instrument",
                "a tiny squeak | a little flute",
                "a string of bubbles | a row of glass bells",
                "a funny click | a wooden drum",
                "a loud honk | a golden horn",
                "a long hum | a big old cello"),
            new("event", "the feast of the full moon", "the birthday of the sea queen", "the first day of summer", "the great wave dance"),
        ],
        [
            [
                "Soon it would be {event}, and {hero} wanted to sing in the choir.",
                "{hero} dreamed of singing in the choir at {event}.",
            ],
            [
                "But when {he} opened {his} mouth, there came only {sound}.",
                "{He} took a deep breath, but all that came out was {sound}.",
            ],
            [
                "The sardines laughed until they fell over, and {hero} hid in an empty shell.",
                "\"That is not singing!\" cried the oysters, and {hero} swam away.",
                "Somebody giggled, and {hero} wanted to sink into the sand.",
            ],
            ["{meets}"],
            [
                "\"Please make that sound again,\" {friend.he} said. \"I like it very much.\"",
                "\"Was that you?\" {friend.he} asked. \"What a wonderful sound!\"",
            ],
            [
                "\"To me it sounds like {instrument},\" said {friend}, \"and our music needs one.\"",
                "\"It is just like {instrument},\" said {friend}. \"We need you!\"",
            ],
            [
                "They practiced every evening, {friend} with {friend.his} deep voice and {hero} with {sound}.",
                "So they made up a song together and practiced until it was perfect.",
            ],
            [
                "When {event} came, nobody laughed, and everybody clapped and cheered.",
                "At {event}, their music was so lovely that even the old sharks cried.",
            ],
            [
                "{hero} learned that what makes you different can make you special.",
                "\"Every voice has its place,\" said {friend}, \"and this one is yours.\"",
            ],
        ]);
}
