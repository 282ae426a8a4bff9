using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Which user ids are accepted.</summary>
public sealed class UserIdTests
{
    [Theory]
    [InlineData("alice")]
    [InlineData("42")]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("Zo\u00eb M\u00fcller")]
    [InlineData("\uae40\uc9c0\uc218")]
    [InlineData("\u5c71\u7530\u592a\u90ce")]
    [InlineData("\u0645\u062d\u0645\u062f")]
    [InlineData("\ud83d\ude00")]
    public void FindProblem_ReadableName_HasNone(string userId)
    {
        Assert.Null(UserId.FindProblem(userId));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a\u0000b", "control")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u007fb", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("a\u202eb", "formatting")]
    [InlineData("a\u2066b", "formatting")]
    [InlineData("a\u200bb", "formatting")]
    [InlineData("a\u200fb", "formatting")]
    [InlineData("a\ufeffb", "formatting")]
    [InlineData("a\u2028b", "separator")]
    [InlineData("a\ue000b", "private")]
    [InlineData("a\ud800b", "unpaired")]
    [InlineData("a\ufffdb", "unpaired")]
    [InlineData(" alice", "space")]
    [InlineData("alice\u00a0", "space")]
    [InlineData("e\u0301", "form C")]
    [InlineData("\u212b", "form C")]
    [InlineData("\u1100\u1161", "form C")]
    [InlineData("\uf900", "form C")]
    [InlineData("a\u0316\u0305", "form C")]
    [InlineData("a\u0378b", "form C")]
    public void FindProblem_HiddenOrAmbiguousCharacters_NamesThem(string userId, string problem)
    {
        Assert.Contains(problem, UserId.FindProblem(userId), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", 128, true)]
    [InlineData("a", 129, false)]
    [InlineData("\u00e9", 64, true)]
    [InlineData("\u00e9", 65, false)]
    public void FindProblem_Length_CountsBytes(string letter, int count, bool accepted)
    {
        string userId = string.Concat(Enumerable.Repeat(letter, count));

        Assert.Equal(accepted, UserId.FindProblem(userId) is null);
    }
}
