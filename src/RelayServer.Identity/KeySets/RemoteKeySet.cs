using System.Collections.Frozen;

namespace RelayServer.Identity;

/// <summary>
/// The keys of one issuer, and its revocations, from the addresses of the settings. They are read again in the background; what was read
/// last holds while nothing can be read. To check a token with a known key waits for nothing.
/// </summary>
public sealed class RemoteKeySet : ITokenKeySource, ITokenRevocations, IAsyncDisposable
{
    private static readonly TimeSpan UnknownKeyPatience = TimeSpan.FromSeconds(2);

    private readonly RemoteKeySetOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<Uri, string?> _report;
    private readonly DocumentFetcher _fetcher = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _asking = new();

    private volatile FrozenDictionary<string, SigningKey> _keys = FrozenDictionary<string, SigningKey>.Empty;
    private volatile FrozenSet<string> _revokedSessions = FrozenSet<string>.Empty;
    private volatile int _revocationsVersion;
    private Task _running = Task.CompletedTask;
    private Task _afresh = Task.CompletedTask;
    private long _afreshAt;
    private string? _keysTag;
    private string? _revocationsTag;
    private volatile bool _hasKeys;

    /// <summary>Makes one; nothing is read yet.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Told of every read that failed, with the reason, and of the first that works again, with null.</param>
    /// <exception cref="ArgumentException">An address is not allowed.</exception>
    public RemoteKeySet(RemoteKeySetOptions options, TimeProvider time, Action<Uri, string?> report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(report);
        foreach (Uri address in new[] { options.Address, options.RevocationsAddress }.OfType<Uri>())
        {
            if (DocumentFetcher.FindProblem(address) is { } problem)
            {
                throw new ArgumentException($"{address} {problem}", nameof(options));
            }
        }

        _options = options;
        _time = time;
        _report = report;
        _afreshAt = time.GetTimestamp();
    }

    /// <summary>Why no token can be checked yet; null when some can.</summary>
    public string? NotReadyReason => _hasKeys ? null : $"no keys yet from {_options.Address}";

    /// <summary>Reads once, and from then on in the background. What cannot be read is reported and tried again.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadKeysAsync(cancellationToken);
        await ReadRevocationsAsync(cancellationToken);
        CancellationToken ending = _ending.Token;
        _running = Task.WhenAll(
            Task.Run(() => RepeatAsync(() => _hasKeys ? _options.KeysInterval : _options.UnknownKeyInterval, ReadKeysAsync, ending), CancellationToken.None),
            Task.Run(() => RepeatAsync(() => _options.RevocationsInterval, ReadRevocationsAsync, ending), CancellationToken.None));
    }

    /// <inheritdoc/>
    public SigningKey? Find(string issuer, string keyId) => issuer == _options.Issuer ? _keys.GetValueOrDefault(keyId) : null;

    /// <inheritdoc/>
    public async ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId)
    {
        if (issuer != _options.Issuer || _ending.IsCancellationRequested)
        {
            return null;
        }

        Task reading;
        lock (_asking)
        {
            // One reads for all that ask at the time; who comes too soon after it is answered from what it found.
            if (_afresh.IsCompleted && _time.GetElapsedTime(_afreshAt) >= _options.UnknownKeyInterval)
            {
                _afreshAt = _time.GetTimestamp();
                _afresh = Task.Run(() => ReadKeysAsync(_ending.Token));
            }

            reading = _afresh;
        }

        await Task.WhenAny(reading, Task.Delay(UnknownKeyPatience, _time));
        return Find(issuer, keyId);
    }

    /// <inheritdoc/>
    public int Refresh() => _revocationsVersion;

    /// <inheritdoc/>
    public bool IsRevoked(TokenIdentity token, string userId)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Issuer == _options.Issuer && token.SessionId.Length > 0 && _revokedSessions.Contains(token.SessionId);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await Task.WhenAll(_running, _afresh);
        }
        catch (OperationCanceledException)
        {
            // A read that was under way.
        }

        _ending.Dispose();
        _fetcher.Dispose();
    }

    private async Task RepeatAsync(Func<TimeSpan> interval, Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval(), _time, cancellationToken);
                await read(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private Task ReadKeysAsync(CancellationToken cancellationToken) => ReadAsync(
        _options.Address,
        Volatile.Read(ref _keysTag),
        (content, tag) =>
        {
            IReadOnlyList<SigningKey> keys = KeySetDocument.Parse(content);
            if (keys.Count == 0)
            {
                throw new KeyException("it has no ES256 key");
            }

            _keys = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);
            Volatile.Write(ref _keysTag, tag);
            _hasKeys = true;
        },
        cancellationToken);

    private Task ReadRevocationsAsync(CancellationToken cancellationToken) => _options.RevocationsAddress is not { } address
        ? Task.CompletedTask
        : ReadAsync(
            address,
            Volatile.Read(ref _revocationsTag),
            (content, tag) =>
            {
                IReadOnlyCollection<string> revoked = RevocationDocument.Parse(content);
                if (!_revokedSessions.SetEquals(revoked))
                {
                    // For every open session somebody asks what another number means for it.
                    _revokedSessions = revoked.ToFrozenSet(StringComparer.Ordinal);
                    _revocationsVersion++;
                }

                Volatile.Write(ref _revocationsTag, tag);
            },
            cancellationToken);

    private async Task ReadAsync(Uri address, string? tag, Action<ReadOnlyMemory<byte>, string?> take, CancellationToken cancellationToken)
    {
        try
        {
            FetchedDocument document = await _fetcher.FetchAsync(address, tag, cancellationToken);
            if (document.IsChanged)
            {
                take(document.Content, document.Tag);
            }

            _report(address, null);
        }
        catch (Exception problem) when (problem is HttpRequestException or KeyException)
        {
            _report(address, problem.Message);
        }
    }
}
