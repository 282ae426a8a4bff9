using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using RelayServer.Accounts;
using RelayServer.Guards;

namespace RelayServer.Hosting;

/// <summary>The authentication server. Edges of the same process check its tokens through <see cref="Keys"/>.</summary>
/// <param name="options">Its settings; what is not set is in the data folder.</param>
/// <param name="folder">The data folder.</param>
/// <param name="isLocal">Part of the one-process relay: it moves when its port is taken, and leaves its address in the data folder.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Makes its loggers.</param>
internal sealed class AuthPart(AuthOptions options, DataFolderPart folder, bool isLocal, TimeProvider time, ILoggerFactory loggers) : IRelayPart
{
    private AuthServer? _server;

    public string Name => "auth";

    public string? NotReadyReason => Server is { } server ? server.NotReadyReason : "not started";

    /// <summary>The server while it runs, else null.</summary>
    public AuthServer? Server => Volatile.Read(ref _server);

    /// <summary>Its keys and revocations; none while it does not run.</summary>
    public AuthPartKeys Keys => new(this);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Complete(options, folder.Folder);
        var server = new AuthServer(options, time, loggers) { MovesToFreePort = isLocal };
        try
        {
            await server.StartAsync(cancellationToken);
            if (isLocal)
            {
                OwnerOnlyFile.Write(folder.Folder.AuthFile, Encoding.ASCII.GetBytes(server.Address + "\n"));
            }
        }
        catch (AuthStartException problem)
        {
            throw new StartException(problem.Message, problem);
        }
        catch (Exception problem) when (problem is CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            throw new StartException($"Auth:TlsCertificateFile and Auth:TlsKeyFile: {problem.Message.TrimEnd('.')}; name PEM files that this user can read", problem);
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw ListenProblem.Describe(options.Listen ?? AuthOptions.ListenDefault, "Auth:Listen", isLocal ? null : "--listen", problem);
        }

        Volatile.Write(ref _server, server);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Server is { } server)
        {
            if (isLocal)
            {
                File.Delete(folder.Folder.AuthFile);
            }

            Volatile.Write(ref _server, null);
            await server.StopAsync(cancellationToken);
        }
    }

    /// <summary>The key by which services know users; there before the server has started.</summary>
    public async Task<byte[]> ReadSubjectKeyAsync(CancellationToken cancellationToken)
    {
        Complete(options, folder.Folder);
        try
        {
            return await AuthServer.ReadSubjectKeyAsync(options.SecretFile!, cancellationToken);
        }
        catch (AuthStartException problem)
        {
            throw new StartException(problem.Message, problem);
        }
    }

    /// <summary>Puts what is not set into the data folder.</summary>
    public static void Complete(AuthOptions options, DataFolder folder)
    {
        options.SecretFile ??= Path.Combine(folder.Path, "auth-secret");
        options.Database.File ??= Path.Combine(folder.Path, "accounts.db");
    }
}
