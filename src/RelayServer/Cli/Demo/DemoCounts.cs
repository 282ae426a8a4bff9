using System.Globalization;

namespace RelayServer.Cli.Demo;

/// <summary>What a demonstration came to. Numbers are added by many tasks.</summary>
internal sealed class DemoCounts
{
    private long _published;
    private long _refused;
    private long _delivered;
    private long _hearts;

    public void Publish() => Interlocked.Increment(ref _published);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Deliver() => Interlocked.Increment(ref _delivered);

    public void React(int count) => Interlocked.Add(ref _hearts, count);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_published:N0} messages and changes, {_delivered:N0} deliveries, {_hearts:N0} hearts{(_refused == 0 ? string.Empty : $"; refused: {_refused:N0}")}");
}
