using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace RelayServer.Cli.Chat;

/// <summary>
/// Cuts a stream of bytes into lines at line feeds and nothing else, so that what is printed with a line feed again is
/// the same bytes. Checks length and UTF-8. Holds one read and one line at most.
/// </summary>
internal sealed class InputLineReader(Stream input, int lineBytesMax)
{
    private const int ReadBytes = 64 * 1024;

    private readonly byte[] _read = new byte[ReadBytes];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _start;
    private int _end;
    private long _number;

    /// <summary>The next line; null at the end. A last line without a line feed counts.</summary>
    public async ValueTask<InputLine?> ReadAsync(CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        bool any = false;
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;

                // A read of the standard input cannot be cancelled; the wait for it can.
                _end = await input.ReadAsync(_read, cancellationToken).AsTask().WaitAsync(cancellationToken);
                if (_end == 0)
                {
                    return any ? Finish() : null;
                }
            }

            any = true;
            ReadOnlySpan<byte> unread = _read.AsSpan(_start, _end - _start);
            int lineFeed = unread.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = lineFeed < 0 ? unread : unread[..lineFeed];
            if (_line.WrittenCount + part.Length > lineBytesMax)
            {
                _number++;
                return new InputLine(_number, [], string.Create(
                    CultureInfo.InvariantCulture, $"line {_number} is longer than the limit of {lineBytesMax} bytes; shorten or split it"));
            }

            _line.Write(part);
            _start += lineFeed < 0 ? part.Length : part.Length + 1;
            if (lineFeed >= 0)
            {
                return Finish();
            }
        }
    }

    private InputLine Finish()
    {
        _number++;
        byte[] bytes = _line.WrittenSpan.ToArray();
        return Utf8.IsValid(bytes)
            ? new InputLine(_number, bytes)
            : new InputLine(_number, [], string.Create(CultureInfo.InvariantCulture, $"line {_number} is not UTF-8; convert it, as with iconv"));
    }
}
