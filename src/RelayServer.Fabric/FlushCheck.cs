using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>Finds a caller's mistakes before anything of a flush is applied.</summary>
internal static class FlushCheck
{
    [ThreadStatic]
    private static Dictionary<LogKey, (ulong Epoch, ulong Seq)>? t_last;

    /// <summary>Throws when the flush is malformed; otherwise its bytes, each body counted once.</summary>
    public static int MeasureBytes(FabricFlush flush)
    {
        ArgumentNullException.ThrowIfNull(flush);
        Require(flush.Slots.Count <= Slot.Count, "more slots than there are");
        Require(flush.Appends.Count <= FabricLimits.FlushAppendsMax, "more appends than FlushAppendsMax");
        Require(flush.Trims.Count <= FabricLimits.FlushTrimsMax, "more trims than FlushTrimsMax");
        Require(flush.Records.Count <= FabricLimits.FlushRecordsMax, "more records than FlushRecordsMax");
        Require(flush.Drops.Count <= FabricLimits.FlushDropsMax, "more drops than FlushDropsMax");
        Require(flush.Relays.Count <= FabricLimits.FlushRelaysMax, "more relays than FlushRelaysMax");
        RequireGrowth(flush.Appends);
        long bytes = 0;
        foreach (FabricAppend append in flush.Appends)
        {
            Require(
                append.Epoch <= FabricLimits.NumberMax && append.LastSeq is > 0 and <= FabricLimits.NumberMax,
                "an epoch or sequence number is outside 1 .. NumberMax");
            Debug.Assert(NamesItsSlot(flush, append.Log), "an append's slot is not among the slots of its flush");
            bytes += append.Body.Length;
        }

        foreach (FabricTrim trim in flush.Trims)
        {
            Require(
                trim.Epoch <= FabricLimits.NumberMax && trim.Seq <= FabricLimits.NumberMax,
                "an epoch or sequence number is above NumberMax");
            Debug.Assert(NamesItsSlot(flush, trim.Log), "a trim's slot is not among the slots of its flush");
        }

        CheckDrops(flush);
        bytes += MeasureRecords(flush.Records);
        foreach (FabricRelay relay in flush.Relays)
        {
            CheckRelay(flush, relay);
            bytes += relay.Head.Length;
        }

        Require(bytes <= FabricLimits.FlushBytesMax, "more bytes than FlushBytesMax");
        return (int)bytes;
    }

    public static void RequireAddress(FabricAddress address) =>
        Require(address.Value is { Length: > 0 and <= FabricLimits.AddressCharactersMax }, "an address is empty or too long");

    public static void RequireMessage(FabricAddress address, ReadOnlyMemory<byte> message)
    {
        RequireAddress(address);
        Require(message.Length <= FabricLimits.SendBytesMax, "a message has more bytes than SendBytesMax");
    }

    public static void RequireListing(int max) =>
        Require(max is > 0 and <= FabricLimits.ListLogsMax, "a listing asks for none, or for more logs than ListLogsMax");

    public static void RequireRecordListing(int max) =>
        Require(max is > 0 and <= FabricLimits.ListRecordsMax, "a listing asks for none, or for more records than ListRecordsMax");

    public static void RequireRecordName(string name) =>
        Require(name is { Length: > 0 and <= FabricLimits.RecordNameCharactersMax }, "a record's name is empty or too long");

    public static void RequireMasterId(string masterId)
    {
        ArgumentException.ThrowIfNullOrEmpty(masterId);
        Require(masterId.Length <= FabricLimits.MasterIdCharactersMax, "a master id is too long");
    }

    private static long MeasureRecords(List<FabricRecord> records)
    {
        long bytes = 0;
        foreach (FabricRecord record in records)
        {
            RequireRecordName(record.Name);
            Require(record.Body.Length <= FabricLimits.RecordBytesMax, "a record has more bytes than RecordBytesMax");
            bytes += record.Body.Length;
        }

        return bytes;
    }

    private static void CheckDrops(FabricFlush flush)
    {
        if (flush.Drops.Count == 0)
        {
            return;
        }

        var appended = new HashSet<LogKey>(flush.Appends.Select(append => append.Log));
        foreach (LogKey log in flush.Drops)
        {
            Require(!appended.Contains(log), "a log is dropped and appended to");
            Debug.Assert(NamesItsSlot(flush, log), "a drop's slot is not among the slots of its flush");
        }
    }

    private static void CheckRelay(FabricFlush flush, FabricRelay relay)
    {
        RequireAddress(relay.To);
        Require(relay.Appends.Count <= flush.Appends.Count, "a relay names more bodies than there are");
        for (int i = 0; i < relay.Appends.Count; i++)
        {
            Require((uint)relay.Appends[i] < (uint)flush.Appends.Count, "a relay names an append that is not there");
        }
    }

    private static void RequireGrowth(List<FabricAppend> appends)
    {
        if (appends.Count < 2)
        {
            return;
        }

        Dictionary<LogKey, (ulong, ulong)> last = t_last ??= [];
        last.Clear();
        foreach (FabricAppend append in appends)
        {
            ref (ulong, ulong) before = ref CollectionsMarshal.GetValueRefOrAddDefault(last, append.Log, out _);
            (ulong, ulong) place = (append.Epoch, append.LastSeq);
            Require(place.CompareTo(before) > 0, "appends to one log do not grow");
            before = place;
        }
    }

    private static bool NamesItsSlot(FabricFlush flush, LogKey log)
    {
        Span<byte> utf8 = stackalloc byte[4 * ProtocolLimits.ChannelNameBytesMax];
        int slot = Slot.Of(utf8[..Encoding.UTF8.GetBytes(log.Channel, utf8)]);
        return flush.Slots.Exists(owner => owner.Slot == slot);
    }

    private static void Require(bool condition, string mistake)
    {
        if (!condition)
        {
            throw new ArgumentException("The fabric was asked for something senseless: " + mistake + ".");
        }
    }
}
