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
            case ConsoleKey.Backspace: Remove(Before(), Cursor); break;
            case ConsoleKey.Delete: Remove(Cursor, After()); break;
            case ConsoleKey.LeftArrow: Cursor = Before(); break;
            case ConsoleKey.RightArrow: Cursor = After(); break;
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
            case ConsoleKey.D when _text.Length == 0: return LineEdit.Ended;
            case ConsoleKey.A: Cursor = 0; break;
            case ConsoleKey.E: Cursor = _text.Length; break;
            case ConsoleKey.U: Remove(0, Cursor); break;
            case ConsoleKey.K: Remove(Cursor, _text.Length); break;
            default: return LineEdit.None;
        }

        return LineEdit.Changed;
    }

    private int Before() =>
        Cursor >= 2 && char.IsLowSurrogate(_text[Cursor - 1]) ? Cursor - 2 : Math.Max(0, Cursor - 1);

    private int After() =>
        Cursor + 1 < _text.Length && char.IsHighSurrogate(_text[Cursor]) ? Cursor + 2 : Math.Min(_text.Length, Cursor + 1);

    private void Remove(int start, int end)
    {
        _text.Remove(start, end - start);
        Cursor = start;
    }
}
