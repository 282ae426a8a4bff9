using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Polls one feed for as long as the service runs. Of several processes with one store one polls at a time.</summary>
internal sealed class FeedPoller(
    string service, string owner, IFeedSource source, SourceTarget target, FeedParser parser, FeedSchedule schedule, HostTurns turns,
    FeedStore feeds, ItemStore items, AllowanceStore allowances, SubscriptionsOptions options, Action changed, SubscriptionsMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PauseWhenFull = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWhenOthersPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseWithoutStore = TimeSpan.FromSeconds(30);

    // Above the longest fetch and the time to write what it brought.
    private readonly TimeSpan _leaseTerm = TimeSpan.FromSeconds(options.FetchTimeoutSeconds + 30);
    private readonly Allowance _updates = new($"feed:{source.Name}", options.UpdatesPerHourMax, TimeSpan.FromHours(1));
    private bool _isFull;

    /// <summary>Polls until cancelled, or until the feed is gone for good.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan? wait;
            try
            {
                wait = await StepAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DatabaseException problem)
            {
                SubscriptionsLog.StoreFailed(logger, service, problem.Message);
                wait = PauseWithoutStore;
            }

            if (wait is not { } pause)
            {
                return;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Polls when it is time to; how long to wait then, null for ever.</summary>
    internal async Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        FeedState state = await feeds.ReadAsync(source.Name, cancellationToken).ConfigureAwait(false);
        if (state.IsGone != 0)
        {
            SubscriptionsLog.FeedGone(logger, service, source.Name);
            return null;
        }

        TimeSpan due = Until(state);
        if (due > TimeSpan.Zero)
        {
            return due;
        }

        if (await items.IsFullAsync(cancellationToken).ConfigureAwait(false))
        {
            return PauseFull();
        }

        // The turn comes first: the lease's time must not be spent waiting for it.
        using IDisposable turn = await turns.TakeAsync(source.Host, cancellationToken).ConfigureAwait(false);
        if (!await feeds.TryLeaseAsync(source.Name, owner, _leaseTerm, schedule.Longest, cancellationToken).ConfigureAwait(false))
        {
            return PauseWhenOthersPoll;
        }

        long start = time.GetTimestamp();
        (FetchResult result, AddOutcome added) = await PollAsync(state, cancellationToken).ConfigureAwait(false);
        metrics.Polled(service, result.Kind, time.GetElapsedTime(start));
        FeedState after = added.IsFull ? state : Next(state, result);
        await feeds.SaveAsync(source.Name, owner, after, cancellationToken).ConfigureAwait(false);
        return added.IsFull ? PauseFull() : Report(after, result, added);
    }

    private async Task<(FetchResult Result, AddOutcome Added)> PollAsync(FeedState state, CancellationToken cancellationToken)
    {
        FetchResult result = await source.FetchAsync(state.Validators, cancellationToken).ConfigureAwait(false);
        if (result.Kind != FetchKind.Changed)
        {
            return (result, default);
        }

        try
        {
            NewItem[] read = [.. FeedOrder.OldestFirst(parser.Parse(result.Document, result.Origin)).Select(Convert)];
            int left = await allowances.LeftAsync(_updates, cancellationToken).ConfigureAwait(false);
            int updatesMax = state.PolledAt == 0 ? Math.Min(left, options.FirstItemsMax) : left;
            AddOutcome added = await items.AddAsync(source.Name, target.Of(service), read, updatesMax, cancellationToken).ConfigureAwait(false);
            await allowances.TakeAsync(_updates, added.Queued, cancellationToken).ConfigureAwait(false);
            if (state.PolledAt != 0 && added.New > added.Queued)
            {
                SubscriptionsLog.FeedFlooded(logger, service, source.Name, added.New - added.Queued, options.UpdatesPerHourMax);
            }

            return (result, added);
        }
        catch (FeedException problem)
        {
            return (new FetchResult(FetchKind.Failed) { Reason = problem.Message }, default);
        }
    }

    private NewItem Convert(FeedItem item) => new(
        new StoredItem
        {
            Item = ItemNames.Of(source.Name, item.Id),
            Title = item.Title,
            Text = item.Text,
            Link = item.Link,
            Image = item.Image,
            PublishedAt = item.PublishedAt is { } date && date > DateTimeOffset.UnixEpoch ? date.ToUnixTimeMilliseconds() : 0,
        },
        target.Subjects.Of(target.Own, item.Categories));

    private FeedState Next(FeedState state, FetchResult result)
    {
        bool failed = result.Kind is FetchKind.Failed or FetchKind.Gone;
        int failures = failed ? (int)Math.Min(state.Failures + 1, int.MaxValue) : 0;
        DateTimeOffset now = time.GetUtcNow();
        FeedValidators validators = result.Kind == FetchKind.Changed ? result.Validators : state.Validators;
        return new FeedState
        {
            Etag = validators.ETag,
            LastModified = validators.LastModified,
            PolledAt = failed ? state.PolledAt : now.ToUnixTimeMilliseconds(),
            DueAt = (now + schedule.After(result, failures)).ToUnixTimeMilliseconds(),
            Failures = failures,
            IsGone = result.Kind == FetchKind.Gone ? 1 : 0,
            Status = failed ? result.Reason : string.Empty,
        };
    }

    private TimeSpan? Report(FeedState after, FetchResult result, AddOutcome added)
    {
        _isFull = false;
        TimeSpan wait = Until(after);
        switch (result.Kind)
        {
            case FetchKind.Gone:
                SubscriptionsLog.FeedGone(logger, service, source.Name);
                return null;
            case FetchKind.Failed:
                SubscriptionsLog.FeedFailed(logger, service, source.Name, after.Failures, result.Reason, (long)wait.TotalSeconds);
                break;
            case FetchKind.Changed when added.New > 0:
                SubscriptionsLog.FeedChanged(logger, service, source.Name, added.New, added.Queued);
                metrics.Found(service, added.New);
                changed();
                break;
        }

        return wait;
    }

    private TimeSpan PauseFull()
    {
        if (!_isFull)
        {
            _isFull = true;
            SubscriptionsLog.OutboxFull(logger, service, options.OutboxItemsMax);
        }

        return PauseWhenFull;
    }

    // What is due later than any can be was written by a clock that is wrong.
    private TimeSpan Until(FeedState state)
    {
        TimeSpan due = DateTimeOffset.FromUnixTimeMilliseconds(state.DueAt) - time.GetUtcNow();
        return due > 2 * schedule.Longest ? TimeSpan.Zero : due;
    }
}
