using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace RelayServer.Fabric;

/// <summary>The subscribers within the process, by address.</summary>
internal sealed class EmbeddedBus
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Inbox>> _inboxes = new(StringComparer.Ordinal);

    public void Add(Inbox inbox) => _inboxes.AddOrUpdate(
        inbox.Address.Value, static (_, added) => [added], static (_, present, added) => present.Add(added), inbox);

    public async ValueTask RemoveAsync(Inbox inbox)
    {
        string address = inbox.Address.Value;
        while (_inboxes.TryGetValue(address, out ImmutableArray<Inbox> present))
        {
            ImmutableArray<Inbox> rest = present.Remove(inbox);
            bool done = rest.IsEmpty
                ? _inboxes.TryRemove(new(address, present))
                : _inboxes.TryUpdate(address, rest, present);
            if (done)
            {
                break;
            }
        }

        await inbox.CloseAsync();
    }

    public bool HasSubscriber(FabricAddress to) => _inboxes.ContainsKey(to.Value);

    /// <summary>Hands a message, whose bytes no longer change, to all who subscribe to the address.</summary>
    public void Post(FabricAddress to, ReadOnlyMemory<byte> message)
    {
        if (_inboxes.TryGetValue(to.Value, out ImmutableArray<Inbox> inboxes))
        {
            foreach (Inbox inbox in inboxes)
            {
                inbox.Post(message);
            }
        }
    }

    public async Task CloseAsync()
    {
        foreach (ImmutableArray<Inbox> inboxes in _inboxes.Values)
        {
            foreach (Inbox inbox in inboxes)
            {
                await inbox.CloseAsync();
            }
        }

        _inboxes.Clear();
    }
}
