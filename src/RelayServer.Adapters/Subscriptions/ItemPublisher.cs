using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Hands items in from outside of the processes that run a service: into its store, from which one of those sends them.</summary>
public sealed class ItemPublisher : IAsyncDisposable
{
    private const string Source = "command:";
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    private readonly Database _database;
    private readonly SubscriptionsOptions _service;
    private readonly ServiceDescription _description;
    private readonly ItemStore _items;
    private readonly OutboxStore _outbox;
    private readonly TimeProvider _time;

    private ItemPublisher(Database database, SubscriptionsOptions service, TimeProvider time)
    {
        _database = database;
        _service = service;
        _description = new ServiceDescription(service);
        _items = new ItemStore(database, service.Name, service, time);
        _outbox = new OutboxStore(database, service.Name, time);
        _time = time;
    }

    /// <summary>Opens the store of a service; null when no process has run the service on it.</summary>
    /// <param name="storage">Where it is.</param>
    /// <param name="service">The settings of the service.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes the loggers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DatabaseException">The store cannot be opened.</exception>
    public static async Task<ItemPublisher?> OpenAsync(
        DatabaseOptions storage, SubscriptionsOptions service, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(service);
        Database database = await Database.OpenAsync(storage, SubscriptionsServer.Migrations, time, loggers, cancellationToken).ConfigureAwait(false);
        var publisher = new ItemPublisher(database, service, time);
        if (await publisher._outbox.IsKnownAsync(cancellationToken).ConfigureAwait(false))
        {
            return publisher;
        }

        await publisher.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Keeps an item, and has it sent; null when too much waits to be sent.</summary>
    /// <param name="draft">The item.</param>
    /// <param name="topic">The topic that it belongs to; null for the first.</param>
    /// <param name="room">A room that gets it instead of those who have subscribed to the topic; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FormatException">It cannot be taken; the message is for its sender.</exception>
    /// <exception cref="DatabaseException">The store cannot be used.</exception>
    public async Task<PublishedItem?> PublishAsync(ItemDraft draft, string? topic, string? room, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (topic is not null && !_description.Topics.Contains(topic))
        {
            throw new FormatException($"{_service.Name} has no topic \"{topic}\"; it has: {string.Join(", ", _description.Topics)}");
        }

        SourceTarget source = _description.TargetOf(topic, []);
        if (room is null && draft.Subjects.FirstOrDefault(subject => source.Subjects.Of([], [subject]).Count == 0) is { } unknown)
        {
            throw new FormatException($"the topic {source.Topic.Name} has no subject \"{unknown}\"; it has: {string.Join(", ", source.Topic.Subjects.Select(SubjectNames.Fold))}");
        }

        NewItem item = draft.Make(Source, source, _service.TextBytesMax, _time.GetUtcNow());
        string target = room ?? source.Of(_service.Name);
        AddOutcome added = await _items.AddAsync(
            Source, target, [room is null ? item : item with { Subjects = [] }], updatesMax: 1, cancellationToken).ConfigureAwait(false);
        return added.IsFull ? null : new PublishedItem(item.Item.Item, target, added.LastNumber);
    }

    /// <summary>Waits until an item is sent or refused, but no longer than so long.</summary>
    public async Task<UpdateFate> WaitAsync(PublishedItem item, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        long start = _time.GetTimestamp();
        while (true)
        {
            UpdateFate fate = await _outbox.FateAsync(item.Number, cancellationToken).ConfigureAwait(false);
            if (fate.State is UpdateState.Sent or UpdateState.Refused || _time.GetElapsedTime(start) >= patience)
            {
                return fate;
            }

            await Task.Delay(AskEvery, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
