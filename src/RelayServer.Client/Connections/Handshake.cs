using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>From nothing to WELCOME: name lookup, TCP, TLS, HELLO and AUTH in one write, and the answer.</summary>
internal static class Handshake
{
    /// <summary>Opens the transport.</summary>
    public static async Task<Stream> DialAsync(RelayEndpoint endpoint, RelayClientOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, linked.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is not null)
            {
                stream = await EncryptAsync(stream, options.Tls(endpoint), options.TimeProvider, linked.Token).ConfigureAwait(false);
            }

            return stream;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await DisposeAsync(stream, socket).ConfigureAwait(false);
            throw new TimeoutException($"no connection within {options.ConnectTimeout.TotalSeconds:0.###} s");
        }
        catch
        {
            await DisposeAsync(stream, socket).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Signs in. Returns WELCOME, or why there is none.</summary>
    public static async Task<(SessionWelcome? Welcome, ConnectionEnd? End)> SignInAsync(
        Stream stream, ReceiveBuffer buffer, string token, RelayClientOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await stream.WriteAsync(Greeting(token, options.Agent, options.HasServices), linked.Token).ConfigureAwait(false);
            while (true)
            {
                if (buffer.TryRead(out FrameHeader header, out ReadOnlyMemory<byte> body))
                {
                    return Answer(header, body.Span, options);
                }

                int received = await stream.ReadAsync(buffer.FreeSpace(), linked.Token).ConfigureAwait(false);
                if (received == 0)
                {
                    throw new EndOfStreamException("the server closed the connection before WELCOME");
                }

                buffer.Advance(received);
            }
        }
        catch (ProtocolFaultException e)
        {
            throw new ProtocolFaultException($"it does not answer as an edge does ({e.Message}); is it the right port?");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no WELCOME within {options.HandshakeTimeout.TotalSeconds:0.###} s");
        }
    }

    /// <summary>HELLO and AUTH.</summary>
    internal static byte[] Greeting(string token, string agent, bool hasServices)
    {
        var hello = new HelloBody
        {
            VersionMin = ProtocolLimits.Version,
            VersionMax = ProtocolLimits.Version,
            Capabilities = Capabilities.Ephemeral | Capabilities.Rooms | (hasServices ? Capabilities.Services : Capabilities.None),
            Agent = Encoding.UTF8.GetBytes(agent),
        };
        byte[] bytes = new byte[ProtocolLimits.HandshakeBytesMax];
        hello.TryEncode(bytes.AsSpan(FrameHeader.SizeBytes), out int helloBytes);
        new FrameHeader((uint)helloBytes, FrameType.Hello, FrameFlags.None, 1).Write(bytes);

        int used = FrameHeader.SizeBytes + helloBytes;
        byte[] tokenUtf8 = Encoding.UTF8.GetBytes(token);
        if (tokenUtf8.Length > ProtocolLimits.TokenBytesMax)
        {
            throw new RelayException(ErrorCode.TokenInvalid, $"the token is above {ProtocolLimits.TokenBytesMax} bytes");
        }

        new AuthBody { Token = tokenUtf8 }.TryEncode(bytes.AsSpan(used + FrameHeader.SizeBytes), out int authBytes);
        new FrameHeader((uint)authBytes, FrameType.Auth, FrameFlags.None, 2).Write(bytes.AsSpan(used));
        return bytes[..(used + FrameHeader.SizeBytes + authBytes)];
    }

    private static (SessionWelcome? Welcome, ConnectionEnd? End) Answer(
        FrameHeader header, ReadOnlySpan<byte> body, RelayClientOptions options)
    {
        switch (header.Type)
        {
            case FrameType.Welcome when WelcomeBody.TryDecode(body, out WelcomeBody welcome) == DecodeStatus.Ok:
                return (SessionWelcome.From(welcome, options), null);
            case FrameType.Close when CloseBody.TryDecode(body, out CloseBody close) == DecodeStatus.Ok:
                return (null, ConnectionEnd.Closed(close));
            default:
                throw new ProtocolFaultException($"the server answered the handshake with a malformed or unexpected {header.Type}");
        }
    }

    private static async Task<Stream> EncryptAsync(
        Stream transport, SslClientAuthenticationOptions tls, TimeProvider time, CancellationToken cancellationToken)
    {
        string? problem = null;
        SslStream ssl = tls.RemoteCertificateValidationCallback is not null
            ? new SslStream(transport, leaveInnerStreamOpen: false)
            : new SslStream(transport, leaveInnerStreamOpen: false, (_, certificate, chain, errors) =>
            {
                problem = CertificateProblem.Describe(certificate, chain, errors, tls.TargetHost ?? string.Empty, time.GetUtcNow());
                return errors == SslPolicyErrors.None;
            });
        try
        {
            await ssl.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            return ssl;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(problem ?? $"it does not answer in TLS; if it is a plain edge, connect without TLS ({e.Message})", e);
        }
        catch
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask DisposeAsync(Stream? stream, Socket socket)
    {
        if (stream is not null)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        socket.Dispose();
    }
}
