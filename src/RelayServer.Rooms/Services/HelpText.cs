using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What is answered to those who ask for help: a line each, no longer than a result can be.</summary>
public static class HelpText
{
    /// <summary>Which services there are.</summary>
    public static string Of(IEnumerable<(ServiceProfile Service, bool IsAvailable)> services, string locale)
    {
        var lines = new List<string>();
        foreach ((ServiceProfile service, bool isAvailable) in services)
        {
            lines.Add($"/{service.Name}  {service.Title(locale)}{(isAvailable ? "" : " (away)")}");
        }

        return lines.Count == 0 ? "there is no service here" : Join([.. lines, "/SERVICE tells what a service does"]);
    }

    /// <summary>What a service can do and tells of.</summary>
    public static string Of(ServiceProfile service, string locale)
    {
        ArgumentNullException.ThrowIfNull(service);
        List<string> lines = [service.Description(locale) is { Length: > 0 } description ? $"{service.Title(locale)}: {description}" : service.Title(locale)];
        lines.AddRange(service.Verbs.Values.Select(verb => $"/{service.Name} {verb.Usage}  {service.Summary(verb, locale)}"));
        if (service.Topics.Count > 0)
        {
            lines.AddRange([OfSubscribing(service, SubscriptionWords.Subscribe), OfSubscribing(service, SubscriptionWords.Unsubscribe)]);
        }

        lines.AddRange(service.Topics.Values.Select(topic => $"topic {service.Name}.{topic.Name}  {service.Title(topic, locale)}"));
        return Join(lines);
    }

    /// <summary>How one of the verbs is used that every service has from the relay.</summary>
    public static string OfSubscribing(ServiceProfile service, string verb)
    {
        ArgumentNullException.ThrowIfNull(service);
        return $"/{service.Name} {SubscriptionWords.UsageOf(verb)}  {SubscriptionWords.SummaryOf(verb)}";
    }

    /// <summary>How a verb is used.</summary>
    public static string Of(ServiceProfile service, ProfileVerb verb, string locale)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(verb);
        List<string> lines = [$"/{service.Name} {verb.Usage}  {service.Summary(verb, locale)}"];
        lines.AddRange(verb.Parameters
            .Where(parameter => parameter.Summary.Length > 0)
            .Select(parameter => $"  {parameter.Name.ToUpperInvariant()}  {parameter.Summary}{(parameter.IsOptional ? " (may be left out)" : "")}"));
        return Join(lines);
    }

    private static string Join(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        int bytes = 0;
        foreach (string line in lines)
        {
            bytes += Encoding.UTF8.GetByteCount(line) + 1;
            if (bytes > ProtocolLimits.ResultTextBytesMax - 4)
            {
                return text.Append("\n…").ToString();
            }

            text.Append(text.Length > 0 ? "\n" : "").Append(line);
        }

        return text.ToString();
    }
}
