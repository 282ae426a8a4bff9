using System.Net;

namespace RelayServer.Bench.Targets;

/// <summary>A relay that somebody else started.</summary>
internal sealed class ExternalTarget : ITarget
{
    /// <summary>Takes where it is and who may sign in.</summary>
    public ExternalTarget(
        IReadOnlyList<IPEndPoint> edges, IReadOnlyList<byte[]> tokens, IReadOnlyList<int> processIds, IReadOnlyList<Uri> metrics)
    {
        Edges = edges;
        Tokens = tokens;
        Processes = [.. processIds.Select(id => new TargetProcess($"server {id}", id))];
        Metrics = metrics;
    }

    /// <inheritdoc />
    public string Description => $"external, {string.Join(" and ", Edges)}";

    /// <inheritdoc />
    public IReadOnlyList<IPEndPoint> Edges { get; }

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Tokens { get; }

    /// <inheritdoc />
    public string? OperatorToken => null;

    /// <inheritdoc />
    public IReadOnlyList<TargetProcess> Processes { get; }

    /// <inheritdoc />
    public IReadOnlyList<Uri> Metrics { get; }

    /// <inheritdoc />
    public IEnumerable<string> Problems => [];

    /// <summary>Reads tokens from a file, one a line.</summary>
    public static IReadOnlyList<byte[]> ReadTokens(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        byte[][] tokens =
        [
            .. File.ReadLines(file.FullName)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0)
                .Select(System.Text.Encoding.UTF8.GetBytes),
        ];
        return tokens.Length > 0 ? tokens : throw new BenchException($"{file} has no token in it; put one on each line.");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
