using System.Globalization;
using System.Text;
using RelayServer.Cli.Connections;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>Commands among the lines of a pipe: each is done before the next line is read.</summary>
internal sealed class ChatScript(ChatCommands commands)
{
    /// <summary>True after a line that asked to leave.</summary>
    public bool HasQuit { get; private set; }

    /// <summary>Does what a line asks for.</summary>
    /// <returns>The line to publish, which may have a problem; null when there is nothing to publish.</returns>
    /// <exception cref="CommandFailureException">The relay refused the command.</exception>
    public async ValueTask<InputLine?> TakeAsync(InputLine line, CancellationToken cancellationToken)
    {
        ChatAction action = TypedLine.Read(Encoding.UTF8.GetString(line.Bytes));
        switch (action.Kind)
        {
            case ChatActionKind.Say:
                return line with { Bytes = Encoding.UTF8.GetBytes(action.Text) };
            case ChatActionKind.Quit:
                HasQuit = true;
                return null;
        }

        try
        {
            await commands.RunAsync(action, cancellationToken);
            return null;
        }
        catch (ChatRefusalException e)
        {
            return line with { Problem = string.Create(CultureInfo.InvariantCulture, $"line {line.Number}: {e.Message}") };
        }
        catch (RelayException e)
        {
            throw new CommandFailureException(
                ClientExitCode.Refused,
                string.Create(CultureInfo.InvariantCulture, $"line {line.Number} was refused: {commands.Explain(action, e)}"),
                e);
        }
    }
}
