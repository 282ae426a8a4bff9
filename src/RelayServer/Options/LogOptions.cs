using Microsoft.Extensions.Logging;

namespace RelayServer.Options;

/// <summary>What is logged, on the standard error; section <c>Log</c>.</summary>
public sealed class LogOptions
{
    /// <summary>
    /// The least level that is written. At Debug and below a line per message is possible. Null is Information for the
    /// scaled roles and Warning for the one-process relay, whose screen says the rest.
    /// </summary>
    public LogLevel? Level { get; set; }

    /// <summary>Lines for people or one JSON object a line.</summary>
    public LogFormat Format { get; set; } = LogFormat.Text;
}
