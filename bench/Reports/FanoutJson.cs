using System.Text.Json;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Scenarios;

namespace RelayServer.Bench.Reports;

/// <summary>Writes a fanout result as one JSON object, for programs to compare.</summary>
internal static class FanoutJson
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>Writes the object.</summary>
    public static void Write(Stream stream, FanoutOptions options, FanoutResult result, MachineInfo machine)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("scenario", "fanout");
        json.WriteString("loop", options.Rate > 0 ? "open" : "closed");
        json.WriteNumber("members", options.Members);
        json.WriteNumber("publishers", options.Publishers);
        json.WriteNumber("payload_bytes", options.PayloadBytes);
        json.WriteNumber("seconds", options.Seconds);
        json.WriteNumber("rate", options.Rate);
        json.WriteNumber("deliveries_per_s", Math.Round(result.DeliveriesPerSecond));
        json.WriteNumber("publishes_per_s", Math.Round(result.PublishesPerSecond));
        json.WriteNumber("bytes_per_s", Math.Round(result.BytesPerSecond));
        WriteAudit(json, result);
        WriteLatency(json, result.Latency);
        WriteUsage(json, result);
        WriteMachine(json, machine);
        json.WriteBoolean("clean", result.IsClean);
        json.WriteStartArray("problems");
        foreach (string problem in result.Problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes where and with what a run was made.</summary>
    public static void WriteMachine(Utf8JsonWriter json, MachineInfo machine)
    {
        json.WriteString("machine", machine.Machine);
        json.WriteString("runtime", machine.Runtime);
        json.WriteString("commit", machine.Commit);
        json.WriteString("command", machine.CommandLine);
        json.WriteString("at", machine.At);
    }

    private static void WriteAudit(Utf8JsonWriter json, FanoutResult result)
    {
        DeliveryAudit audit = result.Audit;
        json.WriteNumber("published", result.Publishes.Sent);
        json.WriteNumber("acked", result.Publishes.Acked);
        json.WriteNumber("refused", result.Publishes.Refused);
        json.WriteNumber("unanswered", result.Publishes.Unanswered);
        json.WriteNumber("expected", audit.Expected);
        json.WriteNumber("received", audit.Received);
        json.WriteNumber("lost", audit.Lost);
        json.WriteNumber("duplicated", audit.Duplicated);
        json.WriteNumber("out_of_order", audit.OutOfOrder);
        json.WriteNumber("misplaced", audit.Misplaced);
        json.WriteNumber("disconnected", result.Disconnected);
    }

    private static void WriteLatency(Utf8JsonWriter json, LatencyHistogram latency)
    {
        foreach ((string name, double fraction) in Percentiles.Named)
        {
            json.WriteNumber($"{name}_ms", latency.ValueAt(fraction) / NanosecondsPerMillisecond);
        }

        json.WriteNumber("max_ms", latency.Max / NanosecondsPerMillisecond);
    }

    private static void WriteUsage(Utf8JsonWriter json, FanoutResult result)
    {
        json.WriteNumber("measured_s", Clock.ToSeconds(result.Usage.AtNanoseconds));
        json.WriteNumber("generator_cpu_s", result.Usage.GeneratorCpuSeconds);
        json.WriteNumber("other_cpu_s", result.Usage.OtherCpuSeconds);
        json.WriteStartArray("server");
        for (int i = 0; i < result.Processes.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("process", result.Processes[i]);
            json.WriteNumber("cpu_s", result.Usage.ServerCpuSeconds[i]);
            json.WriteNumber("rss_bytes", result.ResidentBytes[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (result.GcPauseSeconds is { } pause)
        {
            json.WriteNumber("server_gc_pause_s", pause);
        }
    }
}
