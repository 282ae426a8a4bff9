using System.Text;
using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

public sealed class ChatTextTests
{
    [Theory]
    [InlineData("plain é\tok", "plain é\tok")]
    [InlineData("\u001b]0;title\a", "\ufffd]0;title\ufffd")]
    [InlineData("a\r\nb\u202e", "a\ufffd\ufffdb\ufffd")]
    public void ForTerminal_ControlCharacters_AreMadeVisible(string text, string expected) =>
        Assert.Equal(expected, ChatFormat.ForTerminal(text));

    [Theory]
    [InlineData("short", "\"short\"")]
    [InlineData("0123456789012345678901234567890123456789", "\"0123456789012345678901234567890123456789\"")]
    [InlineData("012345678901234567890123456789012345678😀", "\"012345678901234567890123456789012345678…\"")]
    public void Quote_LongLine_IsItsBeginning(string text, string expected) =>
        Assert.Equal(expected, ChatFormat.Quote(new InputLine(1, Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData(ErrorCode.Unavailable, "the relay did not accept it, 1000 Unavailable; it may or may not have arrived")]
    [InlineData(ErrorCode.Forbidden, "the relay's text")]
    [InlineData(ErrorCode.None, "the relay's text; it may or may not have arrived")]
    public void Refusal_NotFinal_SaysThatItMayHaveArrived(ErrorCode code, string expected) =>
        Assert.Equal(expected, ChatFormat.Refusal(new RelayException(code, "the relay's text")));

    [Fact]
    public void LineEditor_Typing_KeepsTextAndCursor()
    {
        var editor = new LineEditor();
        Type(editor, "helo");
        Press(editor, ConsoleKey.LeftArrow);
        Type(editor, "l");
        Press(editor, ConsoleKey.End);
        Type(editor, "!");
        Press(editor, ConsoleKey.Backspace);
        Assert.Equal(("hello", 5), (editor.Text, editor.Cursor));
        Assert.Equal(LineEdit.Entered, Press(editor, ConsoleKey.Enter));
        Assert.Equal("hello", editor.Take());
        Assert.Equal(LineEdit.Ended, Press(editor, ConsoleKey.D, control: true));
    }

    [Fact]
    public void LineEditor_SurrogatePair_IsOneStep()
    {
        var editor = new LineEditor();
        Type(editor, "a😀");
        Press(editor, ConsoleKey.Backspace);
        Assert.Equal("a", editor.Text);
    }

    [Fact]
    public void LineEditor_ControlDInALine_DoesNotEnd()
    {
        var editor = new LineEditor();
        Type(editor, "x");
        Assert.Equal(LineEdit.None, Press(editor, ConsoleKey.D, control: true));
        Press(editor, ConsoleKey.U, control: true);
        Assert.Equal("", editor.Text);
    }

    private static void Type(LineEditor editor, string text)
    {
        foreach (char c in text)
        {
            editor.Apply(new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));
        }
    }

    private static LineEdit Press(LineEditor editor, ConsoleKey key, bool control = false) =>
        editor.Apply(new ConsoleKeyInfo('\0', key, false, false, control));
}
