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
}
