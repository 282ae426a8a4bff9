using System.Text;
using System.Text.RegularExpressions;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Names of rooms come from an allow-list.</summary>
[Trait("Must", "R-NAME-1")]
public sealed class ChannelNameTests
{
    private static readonly Regex Pattern =
        new(Schema.Instance.Json["formats"]!["channel_name"]!.GetValue<string>(), RegexOptions.CultureInvariant);

    public static TheoryData<string> Good => ["a", "7", "room.1", "Room_2-x", "a..b", new string('r', ProtocolLimits.ChannelNameBytesMax)];

    public static TheoryData<string> Bad =>
    [
        "", " ", "a b", ".a", "-a", "_a", "inbox:alice", "a/b", "a\\b", "room.*", "room.?", "a[b]", "{a}", "a\0b", "a\nb", "a\n",
        "caf\u00e9", "\uff41", "\u0430", "a\u202eb", "a\u200bb", "e\u0301", "\U0001f4ac", new string('r', ProtocolLimits.ChannelNameBytesMax + 1), new string('r', 100_000),
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void IsValid_NameOfTheAlphabet_IsTrue(string name)
    {
        Assert.True(ChannelName.IsValid(name));
        Assert.True(ChannelName.IsValid(Encoding.UTF8.GetBytes(name)));
        Assert.Matches(Pattern, name);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void IsValid_AnyOtherName_IsFalse(string name)
    {
        Assert.False(ChannelName.IsValid(name));
        Assert.False(ChannelName.IsValid(Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void IsValid_EveryCharacter_AgreesWithTheSchema()
    {
        for (int value = 0; value <= char.MaxValue; value++)
        {
            string first = ((char)value).ToString();
            Assert.Equal(IsMatch(first), ChannelName.IsValid(first));
            Assert.Equal(IsMatch("r" + first), ChannelName.IsValid("r" + first));
        }
    }

    // In .NET a $ also matches before a last line feed; in the schema it is the end.
    private static bool IsMatch(string name) => Pattern.IsMatch(name) && !name.EndsWith('\n');
}
