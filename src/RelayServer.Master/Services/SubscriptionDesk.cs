using System.Text;
using RelayServer.Master.Channels;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>Knows all subscriptions, and ends them in time: with a notice before, and one at the end, in the log of who has them.</summary>
internal sealed class SubscriptionDesk(ChannelOpener opener, FlushBuilder builder)
{
    // Of a flush: that many end at the same time keeps neither rooms nor updates from their turn.
    private const int FlushDivisor = 4;

    private readonly SortedSet<(ulong DueMilliseconds, string Channel)> _due = [];
    private readonly Dictionary<string, ulong> _dueByChannel = new(StringComparer.Ordinal);

    /// <summary>Who wants what.</summary>
    public SubscriptionIndex Index { get; } = new();

    /// <summary>Told of a room or inbox whenever its state has changed, or was read.</summary>
    public event Action<string, IReadOnlyList<Subscription>>? Noted;

    /// <summary>Notes what a room or inbox wants now.</summary>
    public void Note(string channel, IReadOnlyList<Subscription> subscriptions)
    {
        if (subscriptions.Count == 0 && Index.Of(channel).Count == 0)
        {
            return;
        }

        Index.Note(channel, subscriptions);
        if (_dueByChannel.Remove(channel, out ulong before))
        {
            _due.Remove((before, channel));
        }

        if (subscriptions.Min(subscription => subscription.DueMilliseconds) is { } due)
        {
            _dueByChannel.Add(channel, due);
            _due.Add((due, channel));
        }

        Noted?.Invoke(channel, subscriptions);
    }

    /// <summary>What is due is said, and ended, as far as the next flush has room for it.</summary>
    public void GoOn(ulong nowMilliseconds)
    {
        while (_due.Count > 0 && _due.Min.DueMilliseconds <= nowMilliseconds && !builder.IsFilled(FlushDivisor) && !opener.IsBusy)
        {
            (ulong due, string channel) = _due.Min;
            if (!opener.TryOpen(Encoding.UTF8.GetBytes(channel), End, nowMilliseconds, isPatient: true))
            {
                return;
            }

            // It is noted again when it has been ended, or where the channel is still being read, when that is done.
            if (_due.Remove((due, channel)))
            {
                _dueByChannel.Remove(channel);
            }
        }
    }

    public void Clear()
    {
        Index.Clear();
        _due.Clear();
        _dueByChannel.Clear();
    }

    private void End(ChannelState? channel, ulong nowMilliseconds)
    {
        if (channel is null)
        {
            return;
        }

        IReadOnlyList<SubscriptionNotice> notices = channel.Room.Subscriptions.Count == 0 ? [] : channel.OwnRoom.TakeDueSubscriptions(nowMilliseconds);
        foreach (SubscriptionNotice notice in notices)
        {
            var payload = new SubscriptionPayload
            {
                Event = notice.Event,
                Topic = Encoding.UTF8.GetBytes(notice.Subscription.Topic),
                ExpiresAtMilliseconds = notice.Subscription.ExpiresAtMilliseconds,
            };
            builder.AppendToAll(channel, new DeliverMessage { Kind = MessageKind.Subscription, Payload = payload.ToBytes() }, nowMilliseconds);
        }

        if (notices.Count > 0)
        {
            builder.Save(channel);
        }
        else
        {
            Note(channel.NameText, channel.Room.Subscriptions);
        }
    }
}
