using System.Text;
using System.Text.Json;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Services;

/// <summary>Lines that are commands, as the data beside the specification has them.</summary>
public sealed class TypedCommandTests
{
    public static TheoryData<string> Lines
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(ProtocolFolder.Read("vectors/lines.json"));
            return [.. document.RootElement.GetProperty("lines").EnumerateArray().Select(line => line.GetRawText())];
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    [Trait("Must", "R-LINE-3")]
    [Trait("Must", "R-LINE-4")]
    public void Read_LineOfTheData_MeansWhatItSays(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        byte[] text = Encoding.UTF8.GetBytes(document.RootElement.GetProperty("line").GetString()!);
        Assert.True(TypedCommand.IsCommand(text));
        string? problem = TypedCommand.Read(text, out TypedCommand line);
        JsonElement rest = document.RootElement.GetProperty("rest");
        List<string> words = [];
        problem ??= CommandWords.Split(line.Rest, rest.ValueKind == JsonValueKind.Null ? int.MaxValue : rest.GetInt32() + 1, out words);

        JsonElement means = document.RootElement.GetProperty("means");
        Assert.Equal(means.ValueKind == JsonValueKind.Null, problem is not null);
        if (problem is null)
        {
            Assert.Equal(
                (means.GetProperty("service").GetString(), means.GetProperty("verb").GetString(), means.GetProperty("item").GetString()),
                (line.Service, line.Verb, line.Item));
            Assert.Equal(means.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()), words);
        }
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/news", true)]
    [InlineData("//news", false)]
    [InlineData("//", false)]
    [InlineData(" /news", false)]
    [InlineData("", false)]
    [Trait("Must", "R-LINE-2")]
    public void IsCommand_Text_IsOneByItsFirstSlash(string text, bool isCommand) => Assert.Equal(isCommand, TypedCommand.IsCommand(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Read_TooLong_IsNoCommand()
    {
        Assert.Null(TypedCommand.Read(Encoding.UTF8.GetBytes("/n v " + new string('a', TypedCommand.BytesMax - 5)), out _));
        Assert.NotNull(TypedCommand.Read(Encoding.UTF8.GetBytes("/n v " + new string('a', TypedCommand.BytesMax - 4)), out _));
        Assert.NotNull(TypedCommand.Read(Encoding.UTF8.GetBytes("/n v #" + new string('a', 129)), out _));
    }
}
