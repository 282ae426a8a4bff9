using System.Text;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

public sealed class KeySetDocumentTests
{
    [Fact]
    public void Write_PrivateKeys_AreReadAsTheirPublicHalves()
    {
        byte[] set = KeySetDocument.Write([SigningKey.CreateEs256("a"), SigningKey.CreateEs256("b")]);

        IReadOnlyList<SigningKey> keys = KeySetDocument.Parse(set);

        Assert.Equal(["a", "b"], keys.Select(key => key.Id));
        Assert.All(keys, key => Assert.False(key.CanSign));
        Assert.DoesNotContain("\"d\"", Encoding.UTF8.GetString(set), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SecretKey_IsRefused() => Assert.Throws<KeyException>(() => KeySetDocument.Write([SigningKey.CreateHs256("a")]));

    // A secret in a published set is none: whoever reads the set could sign with it.
    [Fact]
    public void Parse_KeysOfOtherKinds_AreLeftOut()
    {
        string good = Encoding.UTF8.GetString(SigningKey.CreateEs256("good").WithoutPrivateHalf().Export());
        string withPrivateHalf = Encoding.UTF8.GetString(SigningKey.CreateEs256("private").Export());
        string secret = Encoding.UTF8.GetString(SigningKey.CreateHs256("secret").Export());
        string set = $$"""{"keys":[{{good}},{{withPrivateHalf}},{{secret}},{"kty":"RSA","kid":"rsa","n":"AQAB","e":"AQAB"},7,{"kty":"EC"},{{good}}]}""";

        Assert.Equal("good", Assert.Single(KeySetDocument.Parse(Encoding.UTF8.GetBytes(set))).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    public void Parse_WhatIsNoSet_IsRefused(string text) => Assert.Throws<KeyException>(() => KeySetDocument.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Parse_TooManyKeys_IsRefused() => Assert.Throws<KeyException>(() => KeySetDocument.Parse(
        Encoding.UTF8.GetBytes($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", KeySetDocument.KeysMax + 1))}}]}""")));

    [Fact]
    public void Revocations_Written_AreReadAgain() => Assert.Equal(["a", "b"], RevocationDocument.Parse(RevocationDocument.Write(["a", "b"])));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"sessions":[1]}""")]
    [InlineData("""{"sessions":"a"}""")]
    public void Revocations_WhatIsNoList_IsRefused(string text) => Assert.Throws<KeyException>(() => RevocationDocument.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("https://a.example/keys", true, true)]
    [InlineData("https://a.example/keys", false, true)]
    [InlineData("http://127.0.0.1:1/keys", true, true)]
    [InlineData("http://[::1]:1/keys", true, true)]
    [InlineData("http://localhost/keys", true, true)]
    [InlineData("http://127.0.0.1:1/keys", false, false)]
    [InlineData("http://127.0.0.1.evil.example/keys", true, false)]
    [InlineData("http://10.0.0.1/keys", true, false)]
    [InlineData("https://user:pass@a.example/keys", true, false)]
    [InlineData("file:///etc/passwd", true, false)]
    public void FetcherFindProblem_Address_AllowsHttpsAndThisMachine(string address, bool allowsLoopback, bool isGood) =>
        Assert.Equal(isGood, DocumentFetcher.FindProblem(new Uri(address), allowsLoopback) is null);
}
