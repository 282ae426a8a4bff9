using System.Net;
using Microsoft.AspNetCore.Connections;
using RelayServer.Accounts.Limits;

namespace RelayServer.Accounts.Http;

/// <summary>
/// Lets one client have only so many connections: of all that there may be, it could otherwise take every one, and do nothing with them. Not
/// behind a proxy, from which all come.
/// </summary>
internal sealed class ConnectionGate(int perClientMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = [];

    /// <summary>Stands before what serves connections.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        string client = ClientAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address).Client;
        if (!TryEnter(client))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(client);
        }
    };

    private bool TryEnter(string client)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(client);
            if (open == perClientMax)
            {
                return false;
            }

            _open[client] = open + 1;
            return true;
        }
    }

    private void Leave(string client)
    {
        lock (_gate)
        {
            if (--_open[client] == 0)
            {
                _open.Remove(client);
            }
        }
    }
}
