namespace RelayServer.Cli.Demo;

/// <summary>Who is in a demonstration, and what they say.</summary>
internal static class DemoPhrases
{
    public static readonly string[] Names =
    [
        "mia", "leo", "zoë", "noah", "yuki", "emma", "omar", "lucía", "finn", "aisha", "jonas", "minji", "chloé", "mateo", "ida", "ravi",
        "nora", "kofi", "lena", "hugo", "sofia", "tariq", "elsa", "pablo", "greta", "ken", "ana", "björn", "mei", "sam", "olga", "luca",
    ];

    public static readonly string[] Hello =
    [
        "hi everyone 👋", "hello from Lyon", "finally made it!", "안녕하세요", "hey hey", "is this the one with the mugs?", "good evening!", "first time here",
        "back again 😄", "hola a todos",
    ];

    public static readonly string[] Talk =
    [
        "love the colour", "does it fit in a dishwasher?", "how big is it?", "so pretty 😍", "who else has the old one?", "mine arrived last week, it is great",
        "can we see it closer?", "how long is shipping to Portugal?", "is there a green one?", "I need this", "my sister would love it",
        "that glaze!", "what's it made of?", "take my money", "can you hold it next to a book?", "wow", "haha", "same here", "+1", "what a bargain",
        "does it come with a lid?", "ordered one last time, super happy", "please show the blue one again",
    ];

    public static readonly string[] InGroup =
    [
        "oh, it is calmer in here", "hello group!", "now I can read along 😅", "who is in this group?", "nice and cosy", "finally I can ask: lid or no lid?",
        "anyone else ordering two?", "let's order together and save on shipping", "I like the small one better", "group opinion: blue or white?",
    ];

    public static readonly string[] Bought =
    [
        "got one! 🎉", "ordered ✅", "just in time", "two for me", "bought it for my mum",
    ];

    public static readonly string[] Goodbye =
    [
        "thank you! 💙", "see you next week", "bye!", "that was fun", "good night everyone", "thanks for the tips",
    ];

    public static readonly string[] Spam = ["FREE FOLLOWERS at http://spam.example", "FREE FOLLOWERS at http://spam.example!!!"];
}
