using System.Globalization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>Whether a rehearsal still says something about an upgrade.</summary>
public static class RehearsalValidity
{
    /// <summary>Where a policy says nothing else.</summary>
    public static TimeSpan DefaultAge { get; } = TimeSpan.FromDays(7);

    /// <summary>Null while it does; otherwise why not, one sentence.</summary>
    /// <param name="modulesFingerprint">Of the tenant as it is now; null when nobody knows.</param>
    public static string? Refusal(
        RehearsalBrief record,
        ReleaseDigest from,
        ReleaseDigest to,
        string? modulesFingerprint,
        TimeSpan maxAge,
        DateTimeOffset now
    ) =>
        record.To.Digest != to ? $"it rehearsed {record.To.Name}, which is another release."
        : record.From.Digest != from ? $"{record.Tenant} ran {record.From.Name} then, and runs another release now."
        : modulesFingerprint is null ? $"it is not known which modules {record.Tenant} has installed."
        : record.ModulesFingerprint != modulesFingerprint
            ? $"{record.Tenant} has other modules installed than when it was rehearsed."
        : now - record.DataAt > maxAge
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"its data are of {record.DataAt.ToUniversalTime():u}, older than the {maxAge.TotalHours:0} h that the policy allows."
            )
        : !record.HasPassed ? $"it did not pass: {record.Reason}"
        : null;

    /// <summary>Names what is installed: equal exactly where the same modules have the same versions.</summary>
    public static string Fingerprint(IEnumerable<KeyValuePair<string, string?>> modules) =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(
                    string.Join(
                        '\n',
                        modules
                            .OrderBy(module => module.Key, StringComparer.Ordinal)
                            .Select(module => $"{module.Key}={module.Value}")
                    )
                )
            )
        )[..16];
}
