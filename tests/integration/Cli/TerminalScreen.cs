using System.Globalization;
using System.Text;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>
/// What a terminal of 80 columns shows of the bytes written to it: as much of one as a chat needs. Whatever else a
/// program asks of a terminal is kept in <see cref="Strange"/>.
/// </summary>
internal sealed class TerminalScreen
{
    public const int Columns = 80;
    private const char Escape = '\u001b';

    private readonly List<List<string>> _rows = [[]];
    private int _column;

    /// <summary>Escape sequences and control characters that a chat has no reason to send.</summary>
    public List<string> Strange { get; } = [];

    /// <summary>Sequences that set colors or other looks.</summary>
    public List<string> Looks { get; } = [];

    /// <summary>The rows from the first on, without spaces at their ends.</summary>
    public string[] Rows => [.. _rows.Select(row => string.Concat(row).TrimEnd(' '))];

    /// <summary>Cells before the cursor in the last row.</summary>
    public int Column => _column;

    /// <summary>Shows what was written from the beginning to now.</summary>
    public static TerminalScreen Of(string written)
    {
        var screen = new TerminalScreen();

        // What was read so far may end in the middle of a letter.
        int end = written.Length > 0 && char.IsHighSurrogate(written[^1]) ? written.Length - 1 : written.Length;
        for (int i = 0; i < end;)
        {
            i += written[i] == Escape ? screen.Sequence(written, i) : screen.Put(written, i);
        }

        return screen;
    }

    private int Put(string written, int at)
    {
        string letter = StringInfo.GetNextTextElement(written, at);
        switch (letter)
        {
            case "\r\n":
                NextRow();
                break;
            case "\r":
                _column = 0;
                break;
            case "\n":
                NextRow();
                break;
            case [var c] when char.IsControl(c):
                Strange.Add($"U+{(int)c:x4}");
                break;
            default:
                Show(letter);
                break;
        }

        return letter.Length;
    }

    // Korean letters and emoji take two cells.
    private void Show(string letter)
    {
        int cells = Rune.GetRuneAt(letter, 0).Value is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xd7a3) or >= 0x1f300 ? 2 : 1;
        if (_column + cells > Columns)
        {
            NextRow();
        }

        List<string> row = _rows[^1];
        while (row.Count < _column + cells)
        {
            row.Add(" ");
        }

        row[_column] = letter;
        for (int i = 1; i < cells; i++)
        {
            row[_column + i] = string.Empty;
        }

        _column += cells;
    }

    private int Sequence(string written, int at)
    {
        int end = at + 1;
        bool isControl = end < written.Length && written[end] == '[';
        if (isControl)
        {
            end++;
            while (end < written.Length && written[end] is (>= '0' and <= '?') or ' ')
            {
                end++;
            }
        }

        if (end >= written.Length)
        {
            // What was read so far may end in the middle of it, too.
            return written.Length - at;
        }

        string sequence = written[at..(end + 1)];
        string parameters = isControl ? sequence[2..^1] : string.Empty;
        switch (sequence[^1])
        {
            case 'K' when isControl && parameters.Length == 0:
                _rows[^1].RemoveRange(Math.Min(_column, _rows[^1].Count), Math.Max(0, _rows[^1].Count - _column));
                break;
            case 'C' when isControl:
                _column = Math.Min(Columns - 1, _column + int.Parse(parameters, CultureInfo.InvariantCulture));
                break;
            case 'm' when isControl:
                Looks.Add(sequence);
                break;
            case 'h' or 'l' when parameters == "?1":
            case '=' or '>' when !isControl:
                // Cursor keys for programs, and back.
                break;
            default:
                Strange.Add(sequence);
                break;
        }

        return sequence.Length;
    }

    private void NextRow()
    {
        _rows.Add([]);
        _column = 0;
    }
}
