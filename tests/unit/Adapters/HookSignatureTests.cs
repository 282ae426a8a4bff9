using System.Text;
using RelayServer.Adapters.Subscriptions.Hooks;

namespace RelayServer.UnitTests.Adapters;

public sealed class HookSignatureTests
{
    private const string Timestamp = "1767225600";
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");
    private static readonly byte[] Other = Encoding.UTF8.GetBytes("another secret, another secret!!");
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"id\":\"1\",\"title\":\"A\"}");

    // Made with: printf '%s.%s' "$timestamp" "$body" | openssl dgst -sha256 -hmac "$secret"
    private const string Known = "v1=138f83c1c77b8ba706c62b22ad3ffa4bb485629c8d2879e6e17ebb077b2b67c7";

    [Fact]
    public void Create_SecretTimestampAndBody_IsWhatOpensslSays()
    {
        Assert.Equal(Known, HookSignature.Create(Secret, Timestamp, Body));
    }

    [Fact]
    public void IsValid_AnyOfTheSecretsAndSignatures_IsTrue()
    {
        string old = HookSignature.Create(Other, Timestamp, Body);
        string present = HookSignature.Create(Secret, Timestamp, Body);

        Assert.True(HookSignature.IsValid([Secret], Timestamp, Body, present));
        Assert.True(HookSignature.IsValid([Other, Secret], Timestamp, Body, present));
        Assert.True(HookSignature.IsValid([Secret], Timestamp, Body, $"{old}, {present}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1=")]
    [InlineData("v1=00")]
    [InlineData("v1=zz")]
    [InlineData("v2=6d1e")]
    public void IsValid_NoSignature_IsFalse(string signatures)
    {
        Assert.False(HookSignature.IsValid([Secret], Timestamp, Body, signatures));
    }

    [Fact]
    public void IsValid_AnythingChanged_IsFalse()
    {
        string signature = HookSignature.Create(Secret, Timestamp, Body);

        Assert.False(HookSignature.IsValid([Other], Timestamp, Body, signature));
        Assert.False(HookSignature.IsValid([Secret], "1767225601", Body, signature));
        Assert.False(HookSignature.IsValid([Secret], Timestamp, [.. Body, 32], signature));
        Assert.False(HookSignature.IsValid([Secret], Timestamp, Body, signature[3..]));
        Assert.False(HookSignature.IsValid([], Timestamp, Body, signature));
    }

    [Fact]
    public void IsValid_MoreSignaturesThanAllowed_TheRestIsNotLookedAt()
    {
        string many = string.Concat(Enumerable.Repeat("v1=00,", HookLimits.SignaturesMax)) + HookSignature.Create(Secret, Timestamp, Body);

        Assert.False(HookSignature.IsValid([Secret], Timestamp, Body, many));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData(" 1767225600")]
    [InlineData("1767225600.5")]
    [InlineData("9999999999999")]
    [InlineData("999999999999")]
    public void ReadTimestamp_NotSecondsSince1970_IsNull(string text)
    {
        Assert.Null(HookSignature.ReadTimestamp(text));
    }
}
