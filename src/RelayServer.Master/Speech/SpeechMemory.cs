using RelayServer.Rooms;

namespace RelayServer.Master.Speech;

/// <summary>What was said in a room lately, as far as its settings make that count.</summary>
internal sealed class SpeechMemory
{
    /// <summary>Who spoke when; null while slow mode is off.</summary>
    public SlowMode? Pauses { get; set; }

    /// <summary>The same of what is not logged: it waits for the pause of a message, but does not begin one.</summary>
    public SlowMode? EphemeralPauses { get; set; }

    /// <summary>The last texts; null while texts may be repeated.</summary>
    public RepeatFilter? Texts { get; set; }
}
