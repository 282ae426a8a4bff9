using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>One run of a command about rooms or services: connects, asks or changes, prints.</summary>
/// <param name="connection">Where to and who as.</param>
/// <param name="json">Print objects.</param>
/// <param name="output">Where to.</param>
/// <param name="notes">Where what is not the result goes.</param>
internal sealed class RoomSession(ConnectionChoice connection, bool json, TextWriter output, TextWriter notes)
{
    private const string Agent = "relay-room/0.1";

    // A client heals itself for ever; a command has an end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Counts are right within two seconds.
    private static readonly TimeSpan CountPatience = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan CountInterval = TimeSpan.FromMilliseconds(100);

    private RelayClient? _client;

    /// <summary>True to print objects.</summary>
    public bool IsJson => json;

    /// <summary>True for what goes on until it is interrupted, once it is connected.</summary>
    public bool IsEndless { get; init; }

    /// <summary>What stands in the way of something, and what to do about it; null for what is said of rooms.</summary>
    public Func<RelayException, string>? Advice { get; init; }

    /// <summary>The connection, while it runs.</summary>
    public RelayClient Client => _client ?? throw new InvalidOperationException("the session does not run");

    /// <summary>Connects and does something.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="room">The room that it is about; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandFailureException">It could not be done; says why and what to do.</exception>
    public async Task RunAsync(Func<RoomSession, CancellationToken, Task> work, string? room, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await using var client = new RelayClient(connection.OptionsFor(Agent));
            _client = client;
            await client.ConnectAsync(timeout.Token);
            await work(this, IsEndless ? cancellationToken : timeout.Token);
        }
        catch (RelayException e)
        {
            throw new CommandFailureException(ClientExitCode.Of(e), TerminalText.Safe(Advice?.Invoke(e) ?? Advise(e, room)), e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailureException(
                ClientExitCode.Connection, $"the relay did not answer within {Duration.Format(Patience)}; what was asked for may or may not have been done");
        }
        finally
        {
            _client = null;
        }
    }

    /// <summary>Changes a room, and says what is so now.</summary>
    public async Task ChangeAsync(string room, RoomControl control, CancellationToken cancellationToken)
    {
        bool isSwitch = control is { Verb: ControlVerb.Split, Split: not ControlSplit.Auto } or { Verb: ControlVerb.Merge };
        RoomStatus before = await Client.QueryStatusAsync(room, cancellationToken);
        uint members = before.MembersTotal;
        Position at = await Client.ControlAsync(room, control, cancellationToken);
        if (json)
        {
            PrintJson(writer =>
            {
                writer.WriteString("room", room);
                RoomJson.WriteControl(writer, control);
                writer.WriteNumber("generation", at.Generation);
                writer.WriteNumber("partition", at.Partition);
                writer.WriteNumber("epoch", at.Epoch);
                writer.WriteNumber("seq", at.Seq);
            });
        }
        else if (isSwitch)
        {
            Print($"{room}: {DivisionOf(await CountedStatusAsync(room, members, cancellationToken), members)}");
        }
        else
        {
            Print($"{room}: {RoomSentences.Change(control, string.Empty)}");
        }

        if (MayBeMistyped(before, control))
        {
            string undo = control.Verb == ControlVerb.Split ? $", and 'relay room merge {room}' undoes this" : string.Empty;
            await notes.WriteLineAsync($"relay: note: nobody has created '{room}' and nobody is in it; if another one was meant, 'relay room list' shows the names{undo}");
        }
    }

    /// <summary>Prints a line for people.</summary>
    public void Print(string line) => output.WriteLine(TerminalText.Safe(line));

    /// <summary>Prints text that is JSON already.</summary>
    public void PrintRaw(string line) => output.WriteLine(line);

    /// <summary>Prints an object in one line.</summary>
    public void PrintJson(Action<Utf8JsonWriter> writeProperties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, RoomJson.Options))
        {
            writer.WriteStartObject();
            writeProperties(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>What stands in the way, and what to do about it.</summary>
    public static string Advise(RelayException e, string? room) => e.Code switch
    {
        ErrorCode.Forbidden => $"{e.Message}; on the relay's machine, without --user and without a token, 'relay room' is an operator",
        ErrorCode.Conflict or ErrorCode.NotFound when room is not null => $"{room}: {e.Message}; 'relay room status {room}' shows how it is",
        ErrorCode.BadArgument when room is not null => $"{room}: {e.Message}",
        _ => ConnectionAdvice.For(e),
    };

    // Any name is that of an open room, so a change of a mistyped one is done without harm and without effect.
    private static bool MayBeMistyped(RoomStatus before, RoomControl control) =>
        before is { State: BroadcastState.Open, MembersTotal: 0 } && control.Verb is not (ControlVerb.Create or ControlVerb.Merge);

    // The edges count the parts anew after a switch.
    private async Task<RoomStatus> CountedStatusAsync(string room, uint members, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            RoomStatus status = await Client.QueryStatusAsync(room, cancellationToken);
            if (Total(status) >= members || Stopwatch.GetElapsedTime(began) > CountPatience)
            {
                return status;
            }

            await Task.Delay(CountInterval, cancellationToken);
        }
    }

    private static ulong Total(RoomStatus status) => (ulong)status.Sizes.Sum(size => (long)size);

    // Sizes that are not all there yet say nothing.
    private static string DivisionOf(RoomStatus status, uint members)
    {
        string division = RoomSentences.Division(status.Partitioning);
        if (Total(status) < members)
        {
            return division;
        }

        if (status.Partitioning.Mode == SplitMode.Whole || status.Sizes.Count == 0)
        {
            return $"{division} ({RoomSentences.People(status.MembersTotal)})";
        }

        (uint least, uint most) = (status.Sizes.Min(), status.Sizes.Max());
        return least == most
            ? $"{division}, {RoomSentences.People(least)} each"
            : $"{division}, {least} to {RoomSentences.People(most)} each";
    }
}
