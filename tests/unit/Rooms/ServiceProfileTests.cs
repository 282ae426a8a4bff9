using RelayServer.Protocol;
using RelayServer.Rooms;
using static RelayServer.UnitTests.Services.Bodies;

namespace RelayServer.UnitTests.Rooms;

/// <summary>What a service may say of itself: every rule of the specification, broken one at a time.</summary>
public sealed class ServiceProfileTests
{
    private static readonly byte[] s_number = Parameter("count", ParameterKind.Number, isOptional: false);
    private static readonly byte[] s_optional = Parameter("more", ParameterKind.Text, isOptional: true);
    private static readonly byte[] s_rest = Parameter("text", ParameterKind.Rest, isOptional: true);

    public static TheoryData<string, byte[], string> Broken => new()
    {
        { "two verbs of one name", Of(verbs: [Verb("like", 0, 0), Verb("like", 0, 0)]), "there twice" },
        { "two topics of one name", Of(topics: [Topic("all", true), Topic("all", false)]), "there twice" },
        { "two subjects of one name", Of(topics: [Topic("all", false, "world", "world")]), "there twice" },
        { "two parameters of one name", Of(verbs: [Verb("like", 0, 0, s_number, s_number)]), "two parameters have one name" },
        { "a text twice", Of(texts: [Text("de", "title", "a"), Text("DE", "title", "b")]), "there twice" },
        { "a verb that is no name", Of(verbs: [Verb("Like", 0, 0)]), "a verb is a small letter" },
        { "a verb that is help", Of(verbs: [Verb("help", 0, 0)]), "no verb is \"help\"" },
        { "a topic that is no name", Of(topics: [Topic("all.of.it", true)]), "a topic is a small letter" },
        { "an empty subject", Of(topics: [Topic("all", false, "")]), "subjects is empty" },
        { "a subject that is not composed", Of(topics: [Topic("all", false, "ko\u0308ln")]), "normalization form C" },
        { "a parameter that is no name", Of(verbs: [Verb("like", 0, 0, Parameter("How many", ParameterKind.Text, false))]), "a parameter has no name" },
        { "a parameter of a later kind", Of(verbs: [Verb("like", 0, 0, Parameter("what", (ParameterKind)4, false))]), "no known kind" },
        { "something behind the rest", Of(verbs: [Verb("like", 0, 0, s_rest, s_optional)]), "nothing can come" },
        { "required behind optional", Of(verbs: [Verb("like", 0, 0, s_optional, s_number)]), "must be optional" },
        { "a flag of a later version", Of(verbs: [Verb("like", (VerbFlags)4, 0)]), "no flags but 1 and 2" },
        { "a deadline above the bound", Of(verbs: [Verb("like", 0, 60_001)]), "at most 60000 ms" },
        { "a text of nothing", Of(texts: [Text("de", "verb.like", "a")]), "nothing that the text verb.like is of" },
        { "a text of a topic's subject", Of(topics: [Topic("all", true)], texts: [Text("de", "topic.all.world", "a")]), "is of" },
        { "a title of 201 bytes", Of(texts: [Text("de", "title", new string('a', 201))]), "only descriptions" },
        { "no title", Of(title: ""), "no title" },
        { "a bell in the title", Of(title: "News\a"), "control characters" },
        { "a bell in a summary", Of(verbs: [Verb("like", 0, 0, Parameter("what", ParameterKind.Text, false, "\u001b[2J"))]), "control characters" },
        { "a bell in a language", Of(texts: [Text("de", "description", "\u001b[2J")]), "control characters" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("Must", "R-SVC-4")]
    public void Decode_RuleBroken_SaysWhich(string what, byte[] definition, string problem)
    {
        Assert.Null(ServiceProfile.Decode(definition, out ControlRefusal? refusal));
        Assert.True(refusal!.Code == ErrorCode.BadArgument, what);
        Assert.Contains(problem, refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_EverythingAtItsBound_IsTaken()
    {
        byte[] definition = Of(
            title: new string('t', ProtocolLimits.TitleBytesMax),
            verbs: [Verb("a" + new string('b', 31), (VerbFlags)3, 60_000, s_number, s_optional, s_rest)],
            topics: [Topic("a" + new string('b', 63), false, new string('s', ProtocolLimits.SubjectBytesMax), "k\u00f6ln")],
            texts: [Text("de", "description", "line\n\tline"), Text("de-AT", "description", "b"), Text("de", "title", new string('a', 200))]);
        ServiceProfile profile = Assert.IsType<ServiceProfile>(ServiceProfile.Decode(definition, out ControlRefusal? refusal));
        Assert.Null(refusal);
        Assert.Equal(("b", "line\n\tline", "What goes on"), (profile.Description("de-at"), profile.Description("de-CH"), profile.Description("fr")));
    }

    [Fact]
    public void Decode_NoDefinition_IsMalformed()
    {
        Assert.Null(ServiceProfile.Decode([0xc0], out ControlRefusal? refusal));
        Assert.Equal(ErrorCode.MalformedBody, refusal!.Code);
    }

    private static byte[] Of(string title = "News", byte[][]? verbs = null, byte[][]? topics = null, byte[][]? texts = null) =>
        Definition("news", title, "What goes on", verbs ?? [], topics ?? [], texts ?? []);
}
