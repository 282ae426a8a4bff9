using System.Globalization;
using System.Text;
using RelayServer.Client;
using Spectre.Console;

namespace RelayServer.Cli.Chat;

/// <summary>
/// A terminal with a prompt in its last line. What arrives is printed above it: the line being typed is taken away
/// first and drawn again after.
/// </summary>
internal sealed class ChatTerminal(IAnsiConsole screen, bool hasPrompt)
{
    private const string Prompt = "> ";
    private const string EraseLine = "\r\x1b[K";

    private static readonly TimeSpan KeyPollInterval = TimeSpan.FromMilliseconds(15);
    private static readonly string[] SenderColors = ["aqua", "lime", "yellow", "fuchsia", "orange1", "deepskyblue1", "springgreen1", "hotpink"];

    private readonly Lock _gate = new();
    private readonly LineEditor _editor = new();

    /// <summary>Prints a message: time, sender, text.</summary>
    public void PrintMessage(RelayMessage message)
    {
        string at = message.At.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);
        string from = Markup.Escape(ChatFormat.ForTerminal(message.From));
        string text = Markup.Escape(ChatFormat.ForTerminal(message.Text));
        uint hash = 0;
        foreach (char c in message.From)
        {
            hash = (hash * 31) + c;
        }

        string color = SenderColors[hash % (uint)SenderColors.Length];
        Above(() => screen.MarkupLine($"[grey]{at}[/] [{color}]{from}[/]: {text}"));
    }

    /// <summary>Prints a line about the connection.</summary>
    public void PrintStatus(string text) =>
        Above(() => screen.MarkupLine($"[grey italic]-- {Markup.Escape(ChatFormat.ForTerminal(text))}[/]"));

    /// <summary>Reads lines as they are typed; null at the end of the input.</summary>
    public async Task<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
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
                        return Encoding.UTF8.GetBytes(line);
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
        lock (_gate)
        {
            Redraw();
        }
    }

    /// <summary>Takes the prompt away.</summary>
    public void End()
    {
        lock (_gate)
        {
            Erase();
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
        if (hasPrompt)
        {
            Write(EraseLine);
        }
    }

    // Only as much as fits one row is drawn, around the cursor: a wrapped prompt could not be erased.
    private void Redraw()
    {
        if (!hasPrompt)
        {
            return;
        }

        int width = Math.Max(8, screen.Profile.Width - Prompt.Length - 1);
        string text = _editor.Text;
        int start = Math.Max(0, Math.Min(_editor.Cursor - (width / 2), text.Length - width));
        string shown = text.Substring(start, Math.Min(width, text.Length - start));
        int column = Prompt.Length + _editor.Cursor - start;
        Write(EraseLine + Prompt + ChatFormat.ForTerminal(shown)
            + "\r\x1b[" + column.ToString(CultureInfo.InvariantCulture) + "C");
    }

    private void Write(string raw)
    {
        screen.Profile.Out.Writer.Write(raw);
        screen.Profile.Out.Writer.Flush();
    }
}
