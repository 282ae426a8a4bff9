using System.Text;

namespace RelayServer.Protocol;

/// <summary>The names of topics: that of the service, <c>.</c>, and a word of its alphabet of at most <see cref="ProtocolLimits.TopicWordBytesMax"/> bytes.</summary>
public static class TopicName
{
    /// <summary>True when <paramref name="name"/> can name a topic.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        int dot = name.IndexOf((byte)'.');
        return dot > 0 && ServiceName.IsValid(name[..dot]) && IsWord(name[(dot + 1)..]);
    }

    /// <summary>True when <paramref name="name"/> can name a topic.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= ProtocolLimits.TopicNameBytesMax && IsValid(Encoding.UTF8.GetBytes(name));
    }

    /// <summary>True when <paramref name="word"/> can name a topic among those of its service.</summary>
    public static bool IsWord(ReadOnlySpan<byte> word) => ServiceName.IsWord(word, ProtocolLimits.TopicWordBytesMax);

    /// <summary>Whose topic it is.</summary>
    public static ReadOnlySpan<byte> ServiceOf(ReadOnlySpan<byte> name) => name[..Math.Max(0, name.IndexOf((byte)'.'))];

    /// <summary>Whose topic it is.</summary>
    public static string ServiceOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name[..Math.Max(0, name.IndexOf('.', StringComparison.Ordinal))];
    }

    /// <summary>True for a topic of this service.</summary>
    public static bool IsOf(string name, string service)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(service);
        return name.Length > service.Length && name[service.Length] == '.' && name.StartsWith(service, StringComparison.Ordinal);
    }
}
