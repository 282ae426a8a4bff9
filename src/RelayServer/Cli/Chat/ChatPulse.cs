using System.Globalization;
using System.Text;
using RelayServer.Cli.Rooms;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>Hearts and the number of people as one short line, summed up over some seconds.</summary>
internal sealed class ChatPulse(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CountsInterval = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<byte, ulong> _reactions = [];
    private uint? _total;
    private uint? _shownTotal;
    private bool _countsAreNews;
    private long? _shownAt;

    /// <summary>How long until the next line may be shown; null when there is none to show.</summary>
    public TimeSpan? Wait
    {
        get
        {
            if (_reactions.Count == 0 && !(_countsAreNews && _total != _shownTotal))
            {
                return null;
            }

            TimeSpan interval = _reactions.Count > 0 ? Interval : CountsInterval;
            TimeSpan wait = _shownAt is { } at ? interval - clock.GetElapsedTime(at) : TimeSpan.Zero;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    public void Take(RelayReactions reactions)
    {
        foreach ((byte reaction, uint count) in reactions.Counts)
        {
            _reactions[reaction] = _reactions.GetValueOrDefault(reaction) + count;
        }
    }

    /// <summary>Takes a number of people.</summary>
    /// <param name="total">How many.</param>
    /// <param name="isNews">False where each who comes or goes has a line already.</param>
    public void Take(uint total, bool isNews)
    {
        _total = total;
        _countsAreNews = isNews;
    }

    /// <summary>The reader has been told this number otherwise.</summary>
    public void NoteShown(uint total) => _shownTotal = _total = total;

    /// <summary>The line, when it is time; else null.</summary>
    public string? TryShow()
    {
        if (Wait != TimeSpan.Zero)
        {
            return null;
        }

        var line = new StringBuilder();
        foreach ((byte reaction, ulong count) in _reactions)
        {
            string name = reaction == RelayClient.Heart ? "\u2665" : string.Create(CultureInfo.InvariantCulture, $"reaction {reaction} \u00d7");
            line.Append(line.Length > 0 ? "  " : string.Empty).Append(name).Append(CultureInfo.InvariantCulture, $" {count:N0}");
        }

        if (_total is { } total)
        {
            line.Append(line.Length > 0 ? "  " : string.Empty).Append(RoomSentences.People(total));
        }

        _reactions.Clear();
        _shownTotal = _total;
        _shownAt = clock.GetTimestamp();
        return line.ToString();
    }
}
