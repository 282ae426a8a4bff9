using System.Text;
using RelayServer.Cli.Chat;

namespace RelayServer.UnitTests.Cli;

public sealed class InputLineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\n\nb", new[] { "a\r", "", "b" })]
    public async Task ReadAsync_AnyInput_CutsAtLineFeedsOnly(string input, string[] lines) =>
        Assert.Equal(lines, (await ReadAllAsync(input, 10)).Select(line => Encoding.UTF8.GetString(line.Bytes)));

    [Fact]
    public async Task ReadAsync_LineAtTheLimit_IsTaken()
    {
        InputLine line = Assert.Single(await ReadAllAsync(new string('x', 200_000) + "\n", 200_000));
        Assert.Equal(200_000, line.Bytes.Length);
    }

    [Fact]
    public async Task ReadAsync_LineAboveTheLimit_IsNamed()
    {
        List<InputLine> lines = await ReadAllAsync("ok\n" + new string('x', 200_001), 200_000);
        Assert.Equal("line 2 is longer than the limit of 200000 bytes; shorten or split it", lines[^1].Problem);
    }

    [Fact]
    public async Task ReadAsync_NotUtf8_IsNamed()
    {
        var reader = new InputLineReader(new MemoryStream([0x61, 0x0a, 0xc3, 0x0a]), 10);
        Assert.Null((await reader.ReadAsync(default))!.Value.Problem);
        Assert.Equal("line 2 is not UTF-8; convert it, as with iconv", (await reader.ReadAsync(default))!.Value.Problem);
    }

    private static async Task<List<InputLine>> ReadAllAsync(string input, int limit)
    {
        var reader = new InputLineReader(new MemoryStream(Encoding.UTF8.GetBytes(input)), limit);
        var lines = new List<InputLine>();
        while (await reader.ReadAsync(default) is { } line)
        {
            lines.Add(line);
            if (line.Problem is not null)
            {
                break;
            }
        }

        return lines;
    }
}
