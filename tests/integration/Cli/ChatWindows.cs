using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>Windows of <c>relay chat</c> in one room, into which a test types.</summary>
internal sealed class ChatWindows(string room) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ChatRun, (Pipe Keys, Task<int> Running)> _windows = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens one, and waits until it is in the room.</summary>
    public async Task<ChatRun> OpenAsync(string user, IPEndPoint edge, params string[] arguments)
    {
        var keys = new Pipe();
        var chat = new ChatRun("user:" + user);
        Task<int> running = chat.StartAsync(keys.Reader.AsStream(), chat.Output, [room, "--commands", "--edge", edge.ToString(), .. arguments]);
        _windows.Add(chat, (keys, running));
        await SeenAsync(chat, "connected to");

        // What a window says of the room comes when it is in it.
        await TypeAsync(chat, "/members", "member");
        return chat;
    }

    /// <summary>Types a line, and waits for what the window shows then.</summary>
    public async Task TypeAsync(ChatRun chat, string line, string expected)
    {
        await _windows[chat].Keys.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancel);
        await SeenAsync(chat, expected);
    }

    /// <summary>Waits until a window shows something.</summary>
    public static async Task SeenAsync(ChatRun chat, string text)
    {
        try
        {
            await chat.Error.WaitForAsync(text).WaitAsync(Patience, Cancel);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{text}' is not in:\n{chat.Error}");
        }
    }

    /// <summary>The exit code of one that ends by itself.</summary>
    public Task<int> EndAsync(ChatRun chat) => _windows[chat].Running.WaitAsync(Patience, Cancel);

    public async ValueTask DisposeAsync()
    {
        foreach ((ChatRun chat, (Pipe keys, Task<int> running)) in _windows)
        {
            await keys.Writer.CompleteAsync();
            await running.WaitAsync(Patience, CancellationToken.None);
            await chat.Output.DisposeAsync();
            await chat.Error.DisposeAsync();
        }
    }
}
