using System.Text;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What a session received, told in short, and held to the rules of PROTOCOL.md as a client would.</summary>
internal static class ReceivedStory
{
    public static string Of(IEnumerable<(FrameType Type, byte[] Body)> frames, Position? start)
    {
        var told = new List<string>();
        var have = new Dictionary<(ulong, uint), Position>();
        if (start is { } given)
        {
            have[(given.Generation, given.Partition)] = given;
        }

        foreach ((FrameType type, byte[] body) in frames)
        {
            switch (type)
            {
                case FrameType.Joined:
                    Assert.Equal(DecodeStatus.Ok, JoinedBody.TryDecode(body, out JoinedBody joined));
                    have[(joined.From.Generation, joined.From.Partition)] = joined.From;
                    told.Add($"joined {Short(joined.From)}");
                    break;
                case FrameType.Gap:
                    Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(body, out GapBody gap));
                    have[(gap.Until.Generation, gap.Until.Partition)] = gap.Until;
                    told.Add(gap.Reason == GapReason.Moved ? $"→{Short(gap.Until)}" : $"{gap.Reason} {Short(gap.Until)}");
                    break;
                case FrameType.Deliver:
                    Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
                    Deliver(told, have, deliver);
                    break;
                case FrameType.Error:
                    Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                    told.Add(error.Code.ToString());
                    break;
                case FrameType.Room:
                    break;
                default:
                    told.Add(type.ToString());
                    break;
            }
        }

        return string.Join(", ", told);
    }

    private static void Deliver(List<string> told, Dictionary<(ulong, uint), Position> have, in DeliverBody deliver)
    {
        Assert.True(have.TryGetValue((deliver.First.Generation, deliver.First.Partition), out Position at), $"{deliver.First} was never announced");
        foreach (DeliverMessage message in deliver)
        {
            if (message.Seq <= at.Seq)
            {
                continue;
            }

            Assert.True(message.Seq == at.Seq + 1, $"hole between {at} and {deliver.First with { Seq = message.Seq }}: {string.Join(", ", told)}");
            at = deliver.First with { Seq = message.Seq };
            told.Add(message.Kind switch
            {
                MessageKind.Text => Short(at),
                MessageKind.Split => $"{Short(at)}!",
                MessageKind.Deleted => $"{Short(at)}x",
                _ => $"{Short(at)}?",
            });
        }

        have[(at.Generation, at.Partition)] = at;
    }

    private static string Short(Position at) => new StringBuilder().Append(at.Generation).Append('/').Append(at.Partition).Append('/').Append(at.Seq).ToString();
}
