namespace RelayServer.Hosting;

/// <summary>Sees to the data folder before others use it.</summary>
/// <param name="path">The folder.</param>
internal sealed class DataFolderPart(string path) : IRelayPart
{
    private DataFolder? _folder;

    public string Name => "data folder";

    public string? NotReadyReason => _folder is null ? "not open" : null;

    /// <summary>The folder, once started.</summary>
    public DataFolder Folder => _folder ?? throw new InvalidOperationException("the data folder is not open");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _folder = DataFolder.Open(path);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _folder = null;
        return Task.CompletedTask;
    }
}
