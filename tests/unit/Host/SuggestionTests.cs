using RelayServer.Options;

namespace RelayServer.UnitTests.Host;

/// <summary>What somebody who mistyped probably meant.</summary>
public sealed class SuggestionTests
{
    [Theory]
    [InlineData("mster", "master")]
    [InlineData("MASTER", "master")]
    [InlineData("edeg", "edge")]
    [InlineData("completely", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("taken", "token")]
    [InlineData("stern", null)]
    public void For_Word_GivesTheNearestOrNone(string word, string? expected)
    {
        Assert.Equal(expected, Suggestion.For(word, ["edge", "master", "token"]));
    }
}
