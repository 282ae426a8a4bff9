using RelayServer.Accounts.Passwords;

namespace RelayServer.UnitTests.Accounts;

public sealed class LoginNameTests
{
    [Theory]
    [InlineData("Alice", "alice")]
    [InlineData("A.b+c@Example-x.org", "a.b+c@example-x.org")]
    [InlineData("a1_", "a1_")]
    public void TryNormalize_GoodName_IsMadeSmall(string text, string expected)
    {
        Assert.True(LoginName.TryNormalize(text, out string name));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData(".abc")]
    [InlineData("a b c")]
    [InlineData("İstanbul")]
    [InlineData("a\u0000bc")]
    public void TryNormalize_BadName_IsRefused(string text) => Assert.False(LoginName.TryNormalize(text, out _));

    [Fact]
    public void TryNormalize_LongName_IsGoodUpToItsBound()
    {
        Assert.True(LoginName.TryNormalize(new string('a', LoginName.CharactersMax), out _));
        Assert.False(LoginName.TryNormalize(new string('a', LoginName.CharactersMax + 1), out _));
    }
}
