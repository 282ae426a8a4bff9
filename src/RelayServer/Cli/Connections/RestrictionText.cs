using System.Globalization;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Connections;

/// <summary>What a refusal says about somebody who is muted, put out or banned, besides that he is.</summary>
internal static class RestrictionText
{
    private const double SecondsShownMax = 120;
    private const double MinutesShownMax = 120;
    private const double HoursShownMax = 48;

    /// <summary>The end of the sentence that the refusal is: how long it lasts, and why. Empty when neither is known.</summary>
    /// <param name="e">The refusal.</param>
    /// <param name="reason">Why; empty when that is not known.</param>
    public static string After(RelayException e, string reason = "")
    {
        string? when = e switch
        {
            { RetryAfter.Ticks: <= 0 } => null,
            { Code: ErrorCode.Muted } => $"; you may speak again in {Left(e.RetryAfter)}",
            { Code: ErrorCode.Banned or ErrorCode.Kicked } => $"; you may come in again in {Left(e.RetryAfter)}",
            _ => null,
        };
        return when + Why(e.Code, reason);
    }

    /// <summary>The reason alone, where only a code says that somebody is muted.</summary>
    public static string Why(ErrorCode code, string reason) =>
        code == ErrorCode.Muted && reason.Length > 0 ? $"; the reason given: {reason}" : string.Empty;

    // Rounded up: who comes back after that is let in.
    private static string Left(TimeSpan time) => time switch
    {
        { TotalSeconds: <= SecondsShownMax } => Whole(time.TotalSeconds, "s"),
        { TotalMinutes: <= MinutesShownMax } => Whole(time.TotalMinutes, "minutes"),
        { TotalHours: <= HoursShownMax } => Whole(time.TotalHours, "hours"),
        _ => Whole(time.TotalDays, "days"),
    };

    private static string Whole(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(number):0} {unit}");
}
