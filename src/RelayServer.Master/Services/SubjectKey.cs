using System.Security.Cryptography;
using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>The secret that subjects are made with.</summary>
/// <param name="Bytes">The secret.</param>
/// <param name="IsGiven">It is the operator's; else one of the store's, if there is, takes its place.</param>
internal sealed record SubjectKey(byte[] Bytes, bool IsGiven = false)
{
    /// <summary>The operator's, or a new one.</summary>
    public static SubjectKey Of(byte[]? given) => given is null ? new SubjectKey(RandomNumberGenerator.GetBytes(PairwiseSubject.KeyBytes)) : new SubjectKey(given, IsGiven: true);
}
