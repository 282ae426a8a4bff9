using System.Net;
using RelayServer.Identity;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>A relay of processes with several edges, all of which can be killed and started again over what the store has.</summary>
internal interface IRestartableRelay : IAsyncDisposable
{
    /// <summary>Where an edge listens, before and after a restart.</summary>
    IPEndPoint Edge(int edge);

    /// <summary>A token that the relay takes as it runs now.</summary>
    string Token(string user, TokenRole role);

    /// <summary>kill -9 of every master and edge, and new ones in their places.</summary>
    Task RestartAsync();
}
