using System.Globalization;
using System.Text;
using RelayServer.Client;
using RelayServer.Rooms;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RelayServer.Cli.Chat;

/// <summary>
/// A terminal with a prompt in its last line. What arrives is printed above it: the line being typed is taken away
/// first and drawn again after.
/// </summary>
internal sealed class ChatTerminal(IAnsiConsole screen, bool hasPrompt)
{
    private const string Prompt = "> ";
    private const string EraseLine = "\r\x1b[K";
    private const int LineCellsMin = 8;

    // Reading keys has put the cursor keys into application mode, and .NET leaves them there.
    private const string NormalKeys = "\x1b[?1l\x1b>";

    private static readonly TimeSpan KeyPollInterval = TimeSpan.FromMilliseconds(15);
    private static readonly string[] SenderColors = ["aqua", "lime", "yellow", "fuchsia", "orange1", "deepskyblue1", "springgreen1", "hotpink"];

    // By tone.
    private static readonly string[] NewsLooks = ["grey italic", "yellow", "grey"];

    private readonly Lock _gate = new();
    private readonly LineEditor _editor = new();
    private bool _promptShown;

    /// <summary>Prints a message: time, sender, text.</summary>
    /// <param name="message">The message.</param>
    /// <param name="label">What stands before it; null for nothing.</param>
    public void PrintMessage(RelayMessage message, string? label = null)
    {
        string before = label is null ? string.Empty : $"[grey]{Markup.Escape($"[{TerminalText.Safe(label)}]")}[/] ";
        string at = ChatFormat.When(message.At, TimeProvider.System.GetLocalNow());
        string from = Markup.Escape(TerminalText.Safe(message.From));
        string text = Markup.Escape(TerminalText.Safe(ChatFormat.What(message)));
        uint hash = 0;
        foreach (char c in message.From)
        {
            hash = (hash * 31) + c;
        }

        string color = SenderColors[hash % (uint)SenderColors.Length];
        Above(() => screen.MarkupLine($"{before}[grey]{at}[/] [{color}]{from}[/]: {text}"));
    }

    /// <summary>Prints a line as it is; it ends with a line feed.</summary>
    public void PrintLine(ReadOnlySpan<byte> utf8)
    {
        string line = TerminalText.Safe(Encoding.UTF8.GetString(utf8).TrimEnd('\n')) + "\n";
        Above(() => Write(line));
    }

    /// <summary>Prints a line about the chat itself.</summary>
    public void PrintStatus(string text) =>
        Above(() => screen.MarkupLine($"[grey italic]-- {Markup.Escape(TerminalText.Safe(text))}[/]"));

    /// <summary>Prints a line about the room.</summary>
    public void PrintNews(NewsLine line) => Above(() => screen.MarkupLine(
        $"[{NewsLooks[(int)line.Tone]}]{Markup.Escape(TerminalText.Safe(line.Signed))}[/]"));

    /// <summary>Reads lines as they are typed; null at the end of the input.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // The console has no asynchronous read of keys; a look every few milliseconds can be cancelled, a read cannot.
            while (!Console.KeyAvailable)
            {
                await Task.Delay(KeyPollInterval, cancellationToken);
            }

            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            lock (_gate)
            {
                switch (_editor.Apply(key))
                {
                    case LineEdit.Entered when _editor.Text.Length > 0:
                        string line = _editor.Take();
                        Redraw();
                        return line;
                    case LineEdit.Changed:
                        Redraw();
                        break;
                    case LineEdit.Ended:
                        return null;
                }
            }
        }
    }

    /// <summary>Draws the prompt.</summary>
    public void Start()
    {
        // The first look for keys takes the terminal out of its line mode, in which it would echo and edit by itself what
        // is typed as soon as there is a prompt.
        _ = hasPrompt && Console.KeyAvailable;
        lock (_gate)
        {
            _promptShown = hasPrompt;
            Redraw();
        }
    }

    /// <summary>Takes the prompt away, for good.</summary>
    public void End()
    {
        lock (_gate)
        {
            Erase();
            if (_promptShown)
            {
                Write(NormalKeys);
            }

            _promptShown = false;
        }
    }

    private void Above(Action print)
    {
        lock (_gate)
        {
            Erase();
            print();
            Redraw();
        }
    }

    private void Erase()
    {
        if (_promptShown)
        {
            Write(EraseLine);
        }
    }

    // Only as much as fits one row is drawn, around the cursor: a wrapped prompt could not be erased.
    private void Redraw()
    {
        if (!_promptShown)
        {
            return;
        }

        int cells = Math.Max(LineCellsMin, screen.Profile.Width - Prompt.Length - 1);
        (string shown, int cursorCells) = _editor.Window(cells, text => CellsOf(ForPrompt(text)));
        string column = (Prompt.Length + cursorCells).ToString(CultureInfo.InvariantCulture);
        Write($"{EraseLine}{Prompt}{ForPrompt(shown)}\r\x1b[{column}C");
    }

    // A tab would take as many cells as are left to its stop.
    private static string ForPrompt(string text) => TerminalText.Safe(text).Replace('\t', ' ');

    private static int CellsOf(string text) => new Segment(text).CellCount();

    private void Write(string raw)
    {
        screen.Profile.Out.Writer.Write(raw);
        screen.Profile.Out.Writer.Flush();
    }
}
