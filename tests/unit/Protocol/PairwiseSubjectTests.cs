using System.Text;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The pseudonym that a service knows a user by. The fixed values were made with Python's hmac and base64.</summary>
public sealed class PairwiseSubjectTests
{
    private const int SubjectLetters = 26;

    private static readonly byte[] Key = [.. Enumerable.Range(0, PairwiseSubject.KeyBytes).Select(value => (byte)value)];

    [Theory]
    [InlineData("shop", "alice", "dfjwput3jdmr64jych5tb52l4y")]
    [InlineData("news", "alice", "mcekwzv2uqu25gnz4zoaehimvm")]
    [InlineData("shop", "bob", "tevcls44won53h7z5baca7b5zq")]
    [InlineData("shop", "Zo\u00eb", "knp5sspdi6fp525vaye2r6qsjm")]
    [Trait("Must", "R-CMD-9")]
    public void Of_FixedKey_IsTheFixedSubject(string service, string user, string expected) =>
        Assert.Equal(expected, Of(Key, service, user));

    [Fact]
    public void Of_ExampleOfTheSpecification_IsTheFirstOfTheVectors()
    {
        string subject = Of(Key, "shop", "alice");
        Assert.Contains(Specification.Instance.Lines, line => line.Contains($"`{subject}`", StringComparison.Ordinal));
        Assert.Equal(subject, (string?)VectorFile.Frames["call"].Json["body"]!["subject"]);
    }

    [Fact]
    public void Of_AnyService_IsAnotherForEachAndForEachKeyAndUser()
    {
        byte[] otherKey = [.. Key.Select(value => (byte)~value)];
        string[] subjects =
        [
            Of(Key, "shop", "alice"), Of(Key, "shop", "alicf"), Of(Key, "shoq", "alice"), Of(otherKey, "shop", "alice"), Of(Key, "sho", "palice"),
        ];
        Assert.Equal(subjects.Length, subjects.Distinct().Count());
    }

    [Fact]
    public void Of_LongestNames_HasItsLengthAndAlphabetAndNamesAnInbox()
    {
        string subject = Of(Key, new string('s', ProtocolLimits.ServiceWordBytesMax), new string('u', ProtocolLimits.UserIdBytesMax));
        Assert.Equal(SubjectLetters, subject.Length);
        Assert.InRange(subject.Length, 1, ProtocolLimits.SubjectIdBytesMax);
        Assert.All(subject, letter => Assert.Contains(letter, "abcdefghijklmnopqrstuvwxyz234567"));
        Assert.Equal(ChannelKind.Inbox, ChannelName.KindOf(Encoding.UTF8.GetBytes("inbox:" + subject)));
    }

    private static string Of(byte[] key, string service, string user) =>
        PairwiseSubject.Of(key, Encoding.UTF8.GetBytes(service), Encoding.UTF8.GetBytes(user));
}
