using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>How a room is: its life, texts, settings, pinned cards and division, and what the asker is in it.</summary>
public sealed record RoomStatus
{
    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required BroadcastState State { get; init; }

    /// <summary>For people; may be empty.</summary>
    public required string Title { get; init; }

    /// <summary>For people; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary>User id of the owner; empty when nobody created the room.</summary>
    public required string Owner { get; init; }

    /// <summary>When it is to begin; null when that was not said.</summary>
    public required DateTimeOffset? StartsAt { get; init; }

    /// <summary>What this user is in the room: what they may do.</summary>
    public required Role Role { get; init; }

    /// <summary>Members of all partitions.</summary>
    public required uint MembersTotal { get; init; }

    /// <summary>How it is divided; its generation grows with every split and merge.</summary>
    public required Partitioning Partitioning { get; init; }

    /// <summary>Members of each partition.</summary>
    public required IReadOnlyList<uint> Sizes { get; init; }

    /// <summary>The settings that are not at their default.</summary>
    public required IReadOnlyList<RoomSettingValue> Settings { get; init; }

    /// <summary>The pinned notice; empty when there is none.</summary>
    public required string Notice { get; init; }

    /// <summary>The pinned product cards.</summary>
    public required IReadOnlyList<RoomProduct> Products { get; init; }

    /// <summary>True when the relay splits and merges the room by itself.</summary>
    public required bool IsSplitAutomatically { get; init; }

    /// <summary>What a body says; null when it is of a kind that this version does not know.</summary>
    internal static RoomStatus? From(in StatusBody body)
    {
        var reader = new MessagePackReader(body.EncodedPartitioning);
        return Partitioning.Read(ref reader) is not { } partitioning
            ? null
            : new RoomStatus
            {
                Channel = Encoding.UTF8.GetString(body.Channel),
                State = (BroadcastState)body.State,
                Title = Encoding.UTF8.GetString(body.Title),
                Description = Encoding.UTF8.GetString(body.Description),
                Owner = Encoding.UTF8.GetString(body.Owner),
                StartsAt = ReadTime(body.StartsAtMilliseconds),
                Role = (Role)body.Role,
                MembersTotal = body.MembersTotal,
                Partitioning = partitioning,
                Sizes = ReadCounts(body.Sizes),
                Settings = ReadSettings(body.Settings),
                Notice = Encoding.UTF8.GetString(body.Notice),
                Products = ReadProducts(body.Products),
                IsSplitAutomatically = body.IsPolicyAuto,
            };
    }

    /// <summary>What an ANSWER says; null when it is of a kind that this version does not know.</summary>
    public static RoomStatus? Decode(ReadOnlySpan<byte> answer) =>
        StatusBody.TryDecodeAnswer(answer, out StatusBody body) == DecodeStatus.Ok ? From(body) : null;

    internal static uint[] ReadCounts(in EncodedList<MemberCount> list)
    {
        uint[] counts = new uint[list.Count];
        int index = 0;
        foreach (MemberCount count in list)
        {
            counts[index++] = count.Value;
        }

        return counts;
    }

    /// <summary>A time; null for 0, and for one that no calendar has.</summary>
    internal static DateTimeOffset? ReadTime(ulong milliseconds) =>
        milliseconds is 0 || milliseconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private static List<RoomSettingValue> ReadSettings(in EncodedList<RoomSettingEntry> list)
    {
        var settings = new List<RoomSettingValue>(list.Count);
        foreach (RoomSettingEntry entry in list)
        {
            settings.Add(new RoomSettingValue((RoomSetting)entry.Setting, entry.Number, entry.IsText ? Encoding.UTF8.GetString(entry.Text) : null));
        }

        return settings;
    }

    private static List<RoomProduct> ReadProducts(in EncodedList<ProductEntry> list)
    {
        var products = new List<RoomProduct>(list.Count);
        foreach (ProductEntry entry in list)
        {
            products.Add(new RoomProduct(
                Encoding.UTF8.GetString(entry.Id),
                Encoding.UTF8.GetString(entry.Title),
                entry.PriceMinor,
                Encoding.UTF8.GetString(entry.Currency),
                (uint)Math.Min(entry.Stock, uint.MaxValue),
                Encoding.UTF8.GetString(entry.Link)));
        }

        return products;
    }
}
