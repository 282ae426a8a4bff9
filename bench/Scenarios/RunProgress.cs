using System.Globalization;

namespace RelayServer.Bench.Scenarios;

/// <summary>Says on the standard error how far a run is: in place on a terminal, line by line elsewhere.</summary>
internal sealed class RunProgress
{
    private readonly bool _inPlace = !Console.IsErrorRedirected;
    private bool _open;

    /// <summary>A step that is worth a line of its own.</summary>
    public void Say(string text)
    {
        End();
        Console.Error.WriteLine(text);
    }

    /// <summary>The present state; replaces the one before it on a terminal.</summary>
    public void Update(FormattableString text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string line = text.ToString(CultureInfo.InvariantCulture);
        if (_inPlace)
        {
            Console.Error.Write($"\r{line}\e[K");
            _open = true;
        }
        else
        {
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>Ends a line that was being replaced.</summary>
    public void End()
    {
        if (_open)
        {
            Console.Error.WriteLine();
            _open = false;
        }
    }
}
