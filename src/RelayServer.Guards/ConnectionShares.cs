using System.Net;

namespace RelayServer.Guards;

/// <summary>
/// Lets one client have only so many connections of a listener: of all that there may be it could otherwise take every one, and do nothing
/// with them. Not behind a proxy, from which all come.
/// </summary>
/// <param name="perClientMax">Connections of one client.</param>
/// <param name="perSiteMax">Connections of all IPv6 networks that one customer of a provider may have.</param>
public sealed class ConnectionShares(int perClientMax, int perSiteMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = [];

    /// <summary>Serves a connection, or cuts it when its client has its share.</summary>
    /// <param name="remote">Where it comes from.</param>
    /// <param name="abort">Cuts it.</param>
    /// <param name="serve">Serves it until it ends.</param>
    public async Task GuardAsync(EndPoint? remote, Action abort, Func<Task> serve)
    {
        ArgumentNullException.ThrowIfNull(abort);
        ArgumentNullException.ThrowIfNull(serve);
        ClientAddress client = ClientAddress.Of((remote as IPEndPoint)?.Address);
        if (!TryEnter(client))
        {
            abort();
            return;
        }

        try
        {
            await serve().ConfigureAwait(false);
        }
        finally
        {
            Leave(client);
        }
    }

    private bool TryEnter(ClientAddress client)
    {
        lock (_gate)
        {
            if (OpenOf(client.Client) >= perClientMax || (client.Site is { } site && OpenOf(site) >= perSiteMax))
            {
                return false;
            }

            Add(client, 1);
            return true;
        }
    }

    private void Leave(ClientAddress client)
    {
        lock (_gate)
        {
            Add(client, -1);
        }
    }

    private int OpenOf(string counted) => _open.GetValueOrDefault(counted);

    // A network and its site are texts of different lengths.
    private void Add(ClientAddress client, int change)
    {
        foreach (string counted in client.Site is { } site ? [client.Client, site] : new[] { client.Client })
        {
            int open = OpenOf(counted) + change;
            if (open == 0)
            {
                _open.Remove(counted);
            }
            else
            {
                _open[counted] = open;
            }
        }
    }
}
