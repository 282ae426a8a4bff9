using System.Text;

namespace RelayServer.Cli.Accounts;

/// <summary>What commands ask people, on the error output, so that the standard output has the result alone.</summary>
internal class AccountConsole
{
    private const int CharactersMax = 1024;

    /// <summary>True when somebody sits at it, who can be asked again.</summary>
    public virtual bool IsPerson => !Console.IsInputRedirected;

    /// <summary>Asks for a line; null at the end of the input.</summary>
    public virtual async Task<string?> ReadLineAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(question);
        string? line = await Console.In.ReadLineAsync(cancellationToken);
        if (line is null || Console.IsInputRedirected)
        {
            // Nobody has ended the line of the question.
            await Console.Error.WriteLineAsync();
        }

        return line;
    }

    /// <summary>Asks for what must not be seen; null at the end of the input. From a pipe it is a line.</summary>
    public virtual async Task<string?> ReadSecretAsync(string question, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            return await Console.In.ReadLineAsync(cancellationToken);
        }

        await Console.Error.WriteAsync(question);
        string? secret = await Task.Run(ReadKeys, cancellationToken);
        await Console.Error.WriteLineAsync();
        return secret;
    }

    private static string? ReadKeys()
    {
        var text = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return text.ToString();
                case ConsoleKey.Backspace:
                    text.Length = Math.Max(0, text.Length - 1);
                    break;
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && text.Length == 0:
                    return null;
                default:
                    if (key.KeyChar >= ' ' && text.Length < CharactersMax)
                    {
                        text.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
