namespace PsGpt.Samples;

/// <summary>The hero keeps all the food, is lonely, and finds out that shared food tastes better.</summary>
internal static class SharingPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("food", "acorns", "nuts", "berries", "apples", "plums", "mushrooms", "carrots", "pears"),
            new("trait | habit",
                "proud | showed the others how rich {he} was",
                "greedy | took the biggest piece of everything",
                "stubborn | did everything {his} own way",
                "busy | worked from morning to night"),
        ],
        [
            [
                "All summer long, {hero} gathered {food} and hid them in a secret place.",
                "That year, {hero} had more {food} than anyone else in the forest.",
                "In autumn, {hero} filled the whole house with {food}.",
            ],
            ["\"They are mine, all mine,\" {he} said every evening.", "Every night, {he} counted the {food} twice."],
            ["Then winter came, and the snow was deep.", "Then the cold wind blew, and everything was white with snow."],
            [
                "{friend} the {friend.kind} came to the door. \"May I have a few {food}?\" {friend.he} asked.",
                "There was a knock on the door. It was {friend}, {a friend.kind} who had nothing left to eat.",
            ],
            [
                "\"No,\" said {hero}, and {he} closed the door.",
                "\"I have none to give away,\" said {hero}, but it was not true.",
                "But {hero} shook {his} head and sent {friend.him} away.",
            ],
            [
                "That night, {hero} could not sleep, because {he} thought of {friend}, alone in the cold.",
                "That evening, the {food} did not taste good at all, and {hero} felt lonely.",
                "But then the house was very quiet, and {hero} looked out at the snow and thought of {friend}.",
            ],
            [
                "So in the morning, {he} filled a basket with {food} and went out into the snow.",
                "At last {he} took the biggest basket, filled it with {food} and went to find {friend.him}.",
            ],
            [
                "\"I am sorry,\" said {hero}. \"Please come and eat with me.\"",
                "\"I was wrong,\" said {hero}. \"These are for you.\"",
            ],
            [
                "They sat by the fire and told stories, and the {food} had never tasted so good.",
                "Soon they were laughing by the fire, and that was better than any treasure.",
                "{friend} smiled, and {hero} learned that what we share is worth more than what we keep.",
            ],
        ]);
}
