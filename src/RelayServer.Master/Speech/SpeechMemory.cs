using RelayServer.Rooms;

namespace RelayServer.Master.Speech;

/// <summary>What was said in a room lately, as far as its settings make that count.</summary>
internal sealed class SpeechMemory
{
    /// <summary>Who spoke when; null while slow mode is off.</summary>
    public SlowMode? Pauses { get; set; }

    /// <summary>The last texts; null while texts may be repeated.</summary>
    public RepeatFilter? Texts { get; set; }
}
