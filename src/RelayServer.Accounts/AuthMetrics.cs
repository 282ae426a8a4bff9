using System.Diagnostics.Metrics;

namespace RelayServer.Accounts;

/// <summary>Instruments of the authentication server. Tags come from closed sets: an endpoint of the table, a code of a refusal.</summary>
internal static class AuthMetrics
{
    public const string MeterName = "RelayServer.Accounts";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> RequestDuration = Meter.CreateHistogram(
        "relay.auth.request.duration", "s", "From the headers of a request to its answer.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    private static readonly Counter<long> SignIns = Meter.CreateCounter<long>("relay.auth.sign_ins", "{sign_in}", "Sign-ins that succeeded, by how.");

    private static readonly Counter<long> Codes = Meter.CreateCounter<long>("relay.auth.codes", "{code}", "One-time codes handed to the sender, by outcome.");

    private static readonly Counter<long> Reuses =
        Meter.CreateCounter<long>("relay.auth.refresh.reuses", "{reuse}", "Refresh tokens used again, each of which ended a sign-in.");

    public static void AddRequest(string endpoint, string outcome, TimeSpan duration)
    {
        if (RequestDuration.Enabled)
        {
            RequestDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public static void AddSignIn(string kind) => SignIns.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void AddCode(bool isSent) => Codes.Add(1, new KeyValuePair<string, object?>("outcome", isSent ? "sent" : "failed"));

    public static void AddReuse() => Reuses.Add(1);
}
