using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace RelayServer.Client;

/// <summary>Says to a person why an edge's certificate is not accepted, and what to do about it.</summary>
internal static class CertificateProblem
{
    private const X509ChainStatusFlags Untrusted =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.ExplicitDistrust
        | X509ChainStatusFlags.NotSignatureValid;

    /// <summary>What is wrong; null when nothing is.</summary>
    /// <param name="certificate">What the edge presented.</param>
    /// <param name="chain">What was made of it.</param>
    /// <param name="errors">The verdict.</param>
    /// <param name="host">Who the edge should be.</param>
    /// <param name="now">For certificates that are no longer, or not yet, valid.</param>
    public static string? Describe(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string host, DateTimeOffset now)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }

        if (certificate is not X509Certificate2 presented)
        {
            return "it presented no certificate";
        }

        List<string> problems = [];
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            problems.Add($"its certificate is for {NamesOf(presented)}, not for {host}: connect by a name that it has");
        }

        X509ChainStatusFlags flags = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? default;
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            problems.Add(DescribeTime(presented, now));
        }

        if ((flags & Untrusted) != 0)
        {
            problems.Add(
                $"its certificate is signed by an authority that is not trusted here ({presented.Issuer}): trust that authority, "
                + "in 'relay chat' with --tls-authority FILE");
        }

        if ((flags & ~(Untrusted | X509ChainStatusFlags.NotTimeValid)) is var others && (others != 0 || problems.Count == 0))
        {
            problems.Add($"its certificate is not accepted ({(others != 0 ? others : errors)})");
        }

        return string.Join("; ", problems);
    }

    private static string DescribeTime(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now < certificate.NotBefore)
        {
            return $"its certificate is valid from {Text(certificate.NotBefore)} only: check the clock of this machine";
        }

        return now > certificate.NotAfter
            ? $"its certificate expired on {Text(certificate.NotAfter)}: the edge needs a new one"
            : "a certificate of its authority has expired: the edge needs a new one";
    }

    private static string Text(DateTime local) =>
        local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string NamesOf(X509Certificate2 certificate)
    {
        string[] names =
        [
            .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(
                extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))),
        ];
        return names.Length > 0 ? string.Join(", ", names) : certificate.Subject;
    }
}
