using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>What the updates of a topic can be about, and a subscription be limited to.</summary>
/// <param name="Name">
/// 1–64 bytes of UTF-8 in normalization form C without control characters; compared byte by byte, so services write it in
/// lower case.
/// </param>
/// <param name="Title">What people read, 1–200 bytes of UTF-8.</param>
public sealed record ServiceSubject(string Name, string Title)
{
    /// <summary>Longest name, in bytes of UTF-8.</summary>
    public const int NameBytesMax = ProtocolLimits.SubjectBytesMax;

    /// <summary>What is wrong with a name, as the end of a sentence; null when nothing is.</summary>
    public static string? FindProblem(string name) => UserId.FindProblem(name, NameBytesMax);
}
