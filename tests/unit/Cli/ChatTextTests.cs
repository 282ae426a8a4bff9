using System.Globalization;
using System.Text;
using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Cli;

public sealed class ChatTextTests
{
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

    [Theory]
    [InlineData("2026-03-01T23:59:00+00:00", "2026-03-02T01:00:00+01:00", "00:59")]
    [InlineData("2026-03-01T22:59:00+00:00", "2026-03-02T01:00:00+01:00", "2026-03-01 23:59")]
    [InlineData("2026-03-02T00:00:00+01:00", "2026-03-02T23:59:00+01:00", "00:00")]
    public void When_OfAMessage_HasTheDayUnlessItIsToday(string at, string now, string expected) =>
        Assert.Equal(expected, ChatFormat.When(Moment(at), Moment(now)));

    [Fact]
    public void LineEditor_LongLine_ShowsWhatIsAroundTheCursor()
    {
        var editor = new LineEditor();
        Assert.Equal(("", 0), editor.Window(10, Cells));
        Type(editor, "0123456789abcdef");
        Assert.Equal(("6789abcdef", 10), editor.Window(10, Cells));
        Press(editor, ConsoleKey.Home);
        Assert.Equal(("0123456789", 0), editor.Window(10, Cells));
        for (int i = 0; i < 8; i++)
        {
            Press(editor, ConsoleKey.RightArrow);
        }

        Assert.Equal(("3456789abc", 5), editor.Window(10, Cells));
    }

    [Fact]
    public void LineEditor_WideLetters_NeverTakeMoreThanThereIs()
    {
        var editor = new LineEditor();
        Type(editor, "a채b팅c채d팅e채f팅");
        for (int moves = 0; moves < 14; moves++)
        {
            (string shown, int cursorCells) = editor.Window(9, Cells);
            Assert.InRange(Cells(shown), 8, 9);
            Assert.InRange(cursorCells, 0, 9);
            Press(editor, ConsoleKey.LeftArrow);
        }
    }

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

    private static int Cells(string text) => text.Sum(c => c >= '\u1100' ? 2 : 1);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
