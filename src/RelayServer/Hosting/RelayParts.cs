using System.Net;
using RelayServer.Http;

namespace RelayServer.Hosting;

/// <summary>The parts of one process, with those that others ask about by name.</summary>
/// <param name="InOrder">All of them, in order of start.</param>
/// <param name="Http">The HTTP listener.</param>
/// <param name="EdgeEndpoints">Where the edges listen; asked after the start.</param>
/// <param name="DataFolder">The data folder; null in a scaled role.</param>
internal sealed record RelayParts(
    IReadOnlyList<IRelayPart> InOrder, HttpPart Http, Func<IReadOnlyList<IPEndPoint>> EdgeEndpoints, DataFolderPart? DataFolder);
