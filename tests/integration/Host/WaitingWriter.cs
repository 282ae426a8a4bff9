using System.Text;

namespace RelayServer.IntegrationTests.Host;

/// <summary>A writer whose text can be waited for.</summary>
internal sealed class WaitingWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiters = [];

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Completes once a text has been written.</summary>
    public Task WaitForAsync(string text)
    {
        lock (_gate)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((text, seen));
            CompleteWaiters();
            return seen.Task;
        }
    }

    public override void Write(char value)
    {
        lock (_gate)
        {
            _text.Append(value);
            CompleteWaiters();
        }
    }

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _text.Append(value);
            CompleteWaiters();
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    private void CompleteWaiters()
    {
        string text = _text.ToString();
        foreach ((string wanted, TaskCompletionSource seen) in _waiters)
        {
            if (text.Contains(wanted, StringComparison.Ordinal))
            {
                seen.TrySetResult();
            }
        }
    }
}
