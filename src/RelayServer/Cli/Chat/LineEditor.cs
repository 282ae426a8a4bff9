using System.Text;

namespace RelayServer.Cli.Chat;

/// <summary>The line that is being typed: keys in, text and cursor out. Knows no terminal.</summary>
internal sealed class LineEditor
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    /// <summary>UTF-16 units before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Takes a key; says what it did.</summary>
    public LineEdit Apply(ConsoleKeyInfo key)
    {
        if ((key.Modifiers & ConsoleModifiers.Control) != 0)
        {
            return ApplyControl(key.Key);
        }

        switch (key.Key)
        {
            case ConsoleKey.Enter: return LineEdit.Entered;
            case ConsoleKey.Backspace: Remove(Before(Cursor), Cursor); break;
            case ConsoleKey.Delete: Remove(Cursor, After(Cursor)); break;
            case ConsoleKey.LeftArrow: Cursor = Before(Cursor); break;
            case ConsoleKey.RightArrow: Cursor = After(Cursor); break;
            case ConsoleKey.Home: Cursor = 0; break;
            case ConsoleKey.End: Cursor = _text.Length; break;
            default:
                if (key.KeyChar == '\0' || (char.IsControl(key.KeyChar) && key.KeyChar != '\t'))
                {
                    return LineEdit.None;
                }

                _text.Insert(Cursor++, key.KeyChar);
                break;
        }

        return LineEdit.Changed;
    }

    /// <summary>What of the line to show where it does not fit: a part around the cursor.</summary>
    /// <param name="cells">Room on the screen.</param>
    /// <param name="widthOf">Cells that a text takes: some letters take two, some none.</param>
    /// <returns>The part, and the cells before the cursor in it.</returns>
    public (string Shown, int CursorCells) Window(int cells, Func<string, int> widthOf)
    {
        string text = Text;
        int start = Cursor;
        int before = 0;
        for (int next; start > 0 && before + Width(next = Before(start), start) <= cells / 2; start = next)
        {
            before += Width(next, start);
        }

        int end = Cursor;
        int used = before;
        for (int next; end < text.Length && used + Width(end, next = After(end)) <= cells; end = next)
        {
            used += Width(end, next);
        }

        // At the end of a long line there is room left before the cursor.
        for (int next; start > 0 && used + Width(next = Before(start), start) <= cells; start = next)
        {
            before += Width(next, start);
            used += Width(next, start);
        }

        return (text[start..end], before);

        int Width(int from, int to) => widthOf(text[from..to]);
    }

    /// <summary>Gives the line away and starts an empty one.</summary>
    public string Take()
    {
        string line = _text.ToString();
        _text.Clear();
        Cursor = 0;
        return line;
    }

    private LineEdit ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            // A line feed without a carriage return: a terminal in another mode, or a program that types.
            case ConsoleKey.Enter or ConsoleKey.J: return LineEdit.Entered;
            case ConsoleKey.D when _text.Length == 0: return LineEdit.Ended;
            case ConsoleKey.A: Cursor = 0; break;
            case ConsoleKey.E: Cursor = _text.Length; break;
            case ConsoleKey.U: Remove(0, Cursor); break;
            case ConsoleKey.K: Remove(Cursor, _text.Length); break;
            default: return LineEdit.None;
        }

        return LineEdit.Changed;
    }

    private int Before(int index) =>
        index >= 2 && char.IsLowSurrogate(_text[index - 1]) ? index - 2 : Math.Max(0, index - 1);

    private int After(int index) =>
        index + 1 < _text.Length && char.IsHighSurrogate(_text[index]) ? index + 2 : Math.Min(_text.Length, index + 1);

    private void Remove(int start, int end)
    {
        _text.Remove(start, end - start);
        Cursor = start;
    }
}
