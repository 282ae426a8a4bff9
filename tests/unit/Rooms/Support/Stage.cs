using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms.Support;

/// <summary>A live room with its people, and a clock that is set by hand.</summary>
internal sealed class Stage
{
    public const string Owner = "olga";
    public const string Host = "hugo";
    public const string Moderator = "mona";
    public const string Member = "max";
    public const string Operator = "root";
    public const string Service = "shop";

    public Stage(bool live = true)
    {
        Accepted(Owner, RoomControl.Create("Spring sale", "Shoes\nand hats", 1_000));
        if (live)
        {
            Accepted(Owner, RoomControl.Start());
        }

        Accepted(Owner, RoomControl.Appoint(Host, Role.Host));
        Accepted(Owner, RoomControl.Appoint(Moderator, Role.Moderator));
    }

    public RoomState State { get; private set; } = new();

    public ulong NowMilliseconds { get; set; } = 1_000_000;

    public static byte[] Id(string user) => Encoding.UTF8.GetBytes(user);

    public static Role TokenRole(string user) => user switch
    {
        Operator => Role.Operator,
        Service => Role.Service,
        _ => Role.Member,
    };

    public ControlRefusal? Apply(string actor, RoomControl control) => State.Apply(control, Id(actor), TokenRole(actor), NowMilliseconds);

    public void Accepted(string actor, RoomControl control) => Assert.Null(Apply(actor, control));

    /// <summary>Expects a refusal, with nothing changed.</summary>
    public ControlRefusal Refused(ErrorCode code, string actor, RoomControl control)
    {
        State.Prune(NowMilliseconds);
        byte[] before = State.Encode();
        ControlRefusal? refusal = Apply(actor, control);
        Assert.NotNull(refusal);
        Assert.Equal(code, refusal.Code);
        Assert.InRange(Encoding.UTF8.GetByteCount(refusal.Text), 1, ProtocolLimits.TextBytesMax);
        Assert.Equal(before, State.Encode());
        return refusal;
    }

    public ControlRefusal? Says(string user, string text = "hello") =>
        State.MaySpeak(Id(user), TokenRole(user), MessageKind.Text, Encoding.UTF8.GetBytes(text), NowMilliseconds);

    public bool IsBanned(string user) => State.MayJoin(Id(user), TokenRole(user), null, NowMilliseconds) is not null;

    public bool IsMuted(string user) => State.IsMuted(Id(user), NowMilliseconds);

    /// <summary>As another process has it.</summary>
    public void SaveAndLoad()
    {
        byte[] saved = State.Encode();
        RoomState? loaded = RoomState.Decode(saved);
        Assert.NotNull(loaded);
        Assert.Equal(saved, loaded.Encode());
        State = loaded;
    }
}
