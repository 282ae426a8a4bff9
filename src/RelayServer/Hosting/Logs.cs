using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Logging: to the standard error, so that the standard output is for what was asked for.</summary>
internal static class Logs
{
    /// <summary>Makes the factory of all loggers.</summary>
    public static ILoggerFactory CreateFactory(LogOptions options, RelayRole role) => LoggerFactory.Create(builder =>
    {
        LogLevel level = options.Level ?? (role == RelayRole.Local ? LogLevel.Warning : LogLevel.Information);
        builder.SetMinimumLevel(level);
        builder.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

        // The host would log a failed start with its stack; the operator gets one line instead.
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.Format == LogFormat.Json)
        {
            builder.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            builder.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss.fff ";
                text.ColorBehavior = LoggerColorBehavior.Default;
            });
        }
    });
}
