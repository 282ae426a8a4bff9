using System.Security.Cryptography;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>A feed in a file of this machine.</summary>
/// <param name="path">The file; relative to the program when it is not rooted.</param>
/// <param name="bytesMax">Most bytes of it.</param>
internal sealed class FileFeedSource(string path, int bytesMax) : IFeedSource
{
    private readonly string _path = Path.Combine(AppContext.BaseDirectory, path);

    public string Name => path;

    public string? Host => null;

    public async Task<FetchResult> FetchAsync(FeedValidators validators, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = File.OpenRead(_path);
            byte[] document = await BoundedReading.ReadAsync(stream, bytesMax, cancellationToken).ConfigureAwait(false);
            string hash = Convert.ToHexStringLower(SHA256.HashData(document));
            return hash == validators.ETag
                ? new FetchResult(FetchKind.Unchanged) { Validators = validators }
                : new FetchResult(FetchKind.Changed) { Document = document, Validators = new FeedValidators(hash, null) };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FeedException)
        {
            return new FetchResult(FetchKind.Failed) { Reason = problem is FeedException ? problem.Message : $"{_path} cannot be read" };
        }
    }
}
