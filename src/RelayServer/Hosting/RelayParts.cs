using System.Net;
using RelayServer.Http;

namespace RelayServer.Hosting;

/// <summary>The parts of one process, with those that others ask about by name.</summary>
/// <param name="Stages">All of them, in order of start; the parts of one stage stop together.</param>
/// <param name="Http">The HTTP listener.</param>
/// <param name="EdgeEndpoints">Where the edges listen; asked after the start.</param>
/// <param name="DataFolder">The data folder; null in a scaled role.</param>
/// <param name="Auth">The authentication server; null where there is none.</param>
/// <param name="Services">The services beside the relay; null when there are none.</param>
internal sealed record RelayParts(
    IReadOnlyList<IReadOnlyList<IRelayPart>> Stages, HttpPart Http, Func<IReadOnlyList<IPEndPoint>> EdgeEndpoints, DataFolderPart? DataFolder,
    AuthPart? Auth = null, AdaptersPart? Services = null)
{
    /// <summary>All parts, in order of start.</summary>
    public IReadOnlyList<IRelayPart> All { get; } = [.. Stages.SelectMany(stage => stage)];
}
