using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Texts of strangers where they are read.</summary>
public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain é\tok", "plain é\tok")]
    [InlineData("\u001b]0;title\a", "\ufffd]0;title\ufffd")]
    [InlineData("a\r\nb\u202e", "a\ufffd\ufffdb\ufffd")]
    [InlineData("\u009b2J \u200f\u2066\u061c\u2028", "\ufffd2J \ufffd\ufffd\ufffd\ufffd")]
    public void Safe_ControlCharacters_AreMadeVisible(string text, string expected) =>
        Assert.Equal(expected, TerminalText.Safe(text));
}
