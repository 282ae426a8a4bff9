using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>Decides about the posts to one hook.</summary>
internal sealed class HookDesk(
    HookOptions options, string service, SourceTarget target, int textBytesMax, ItemStore items, AllowanceStore allowances, Action changed,
    SubscriptionsMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int BusySeconds = 5;

    private readonly SecretFile _secrets = new(options.SecretFile);
    private readonly Allowance _posts = new($"hook:{options.Name}", options.PostsPerMinuteMax, TimeSpan.FromMinutes(1));
    private readonly TimeSpan _window = TimeSpan.FromSeconds(options.WindowSeconds);

    /// <summary>The last part of its address.</summary>
    public string Name => options.Name;

    /// <summary>Reads the secrets, so that a start fails that could not take a post.</summary>
    /// <exception cref="InvalidDataException">They cannot be used.</exception>
    public void Check() => _secrets.Read();

    /// <summary>Decides about a post.</summary>
    /// <param name="timestamp">The timestamp header; empty when there is none.</param>
    /// <param name="signatures">The signature header; empty when there is none.</param>
    /// <param name="body">The body, within its bound.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HookAnswer> TakeAsync(string timestamp, string signatures, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        HookAnswer answer;
        try
        {
            answer = await DecideAsync(timestamp, signatures, body, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException problem)
        {
            SubscriptionsLog.StoreFailed(logger, service, problem.Message);
            answer = new HookAnswer(503, "not_ready", "the store cannot be used now", BusySeconds);
        }

        metrics.Posted(service, answer.Status);
        if (!answer.IsTaken)
        {
            SubscriptionsLog.PostRefused(logger, Name, answer.Code);
        }

        return answer;
    }

    private async Task<HookAnswer> DecideAsync(string timestamp, string signatures, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (FindSignatureProblem(timestamp, signatures, body.Span) is { } refusal)
        {
            return refusal;
        }

        // Only what is signed counts: a stranger cannot use up what the sender may.
        if (await allowances.TakeAsync(_posts, cancellationToken).ConfigureAwait(false) is > 0 and int seconds)
        {
            return new HookAnswer(429, "too_many_posts", $"this hook takes {options.PostsPerMinuteMax} posts a minute", seconds);
        }

        string source = $"hook:{Name}";
        NewItem item;
        try
        {
            item = HookBody.Parse(body).Make(source, target, textBytesMax, time.GetUtcNow());
        }
        catch (FormatException problem)
        {
            return new HookAnswer(400, "bad_body", problem.Message);
        }

        AddOutcome added = await items.AddAsync(source, target.Of(service), [item], updatesMax: 1, cancellationToken).ConfigureAwait(false);
        return Answer(added, item.Item.Item);
    }

    private HookAnswer? FindSignatureProblem(string timestamp, string signatures, ReadOnlySpan<byte> body)
    {
        IReadOnlyList<byte[]> secrets;
        try
        {
            secrets = _secrets.Read();
        }
        catch (InvalidDataException problem)
        {
            SubscriptionsLog.SecretsUnusable(logger, Name, problem.Message);
            return new HookAnswer(503, "not_ready", "this hook cannot check signatures now", BusySeconds);
        }

        if (HookSignature.ReadTimestamp(timestamp) is not { } sentAt)
        {
            return new HookAnswer(401, "bad_timestamp", $"{HookSignature.TimestampHeader} must be the time in seconds since 1970");
        }

        // What is old and what was never signed get the same answer only after both were looked at: a stranger learns nothing by time.
        bool isSigned = HookSignature.IsValid(secrets, timestamp, body, signatures);
        if (!isSigned)
        {
            return new HookAnswer(401, "bad_signature", $"{HookSignature.SignatureHeader} must be v1= and the HMAC-SHA-256 of timestamp, full stop and body");
        }

        return (time.GetUtcNow() - sentAt).Duration() > _window
            ? new HookAnswer(401, "stale_timestamp", $"{HookSignature.TimestampHeader} is more than {options.WindowSeconds} s off")
            : null;
    }

    private HookAnswer Answer(AddOutcome added, string item)
    {
        if (added.IsFull)
        {
            return new HookAnswer(503, "outbox_full", "too many updates wait for the relay", BusySeconds);
        }

        if (added.New == 0)
        {
            return new HookAnswer(200, "duplicate", item);
        }

        metrics.Found(service, 1);
        changed();
        return new HookAnswer(202, "accepted", item);
    }
}
