namespace RelayServer.Fabric;

/// <summary>Keeps a second process out of a data folder. The operating system lets go of it when the process dies.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string FileName = "relay.lock";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unwritable(folder, e);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new FabricException(
                $"The data folder {folder} is in use by another relay, which holds {path}. Stop that one or name another DataFolder.", e);
        }
        catch (IOException e)
        {
            throw Unwritable(folder, e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FabricException Unwritable(string folder, Exception e) => new(
        $"The data folder {folder} cannot be written: {e.Message} Give this user the right to write it or name another DataFolder.", e);
}
