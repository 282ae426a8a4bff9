using RelayServer.Master.Links;

namespace RelayServer.Master.Services;

/// <summary>One session that is an instance of a service.</summary>
internal sealed class ServiceInstance(EdgeLink link, ulong session)
{
    public EdgeLink Link { get; } = link;

    public ulong Session { get; } = session;

    /// <summary>What it has been asked and has not answered, by ticket.</summary>
    public SortedDictionary<ulong, ServiceCall> Calls { get; } = [];
}
