using System.Collections.Immutable;
using System.Globalization;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>An emergency that begins with its rollout.</summary>
/// <param name="Overrides">Exactly the gates and rules of calendars that it goes past.</param>
/// <param name="Expires">When its rollout halts if it has not ended.</param>
/// <param name="SecondUntil">Until when a second person has to say yes; null where none is asked.</param>
public sealed record EmergencyToOpen(
    EmergencyId Id,
    string Reason,
    ImmutableArray<string> Overrides,
    DateTimeOffset Expires,
    DateTimeOffset? SecondUntil
);

/// <summary>Whether a start may be an emergency, and on which terms. Pure.</summary>
internal static class EmergencyStart
{
    /// <summary>How long one lasts that does not say.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromHours(4);

    private static readonly string[] Never = ["fence", "oracle", "digest", "checkpoint"];

    /// <param name="request">Names rules of calendars as they are called (<see cref="RuleOverrides.Whole"/>).</param>
    /// <param name="policy">The environment's.</param>
    /// <param name="problem">One sentence that says why not, and what to do; null when it may.</param>
    /// <returns>Null for an ordinary start, and where there is a problem.</returns>
    public static EmergencyToOpen? Of(
        StartRollout request,
        EmergencyPolicy policy,
        EmergencyId id,
        DateTimeOffset now,
        out (string What, string Next)? problem
    )
    {
        ImmutableArray<string> overrides = [.. (request.Overrides ?? []).Distinct(StringComparer.Ordinal)];
        var expires = request.Expires ?? now + (Usual < policy.Longest ? Usual : policy.Longest);
        problem = Problem(request, policy, overrides, expires, now);
        return problem is not null || !request.Emergency
            ? null
            : new(
                id,
                request.Reason!,
                overrides,
                expires,
                overrides.Any(each => each is EmergencyPolicy.Approved || RuleOverrides.IsRule(each))
                    ? now + policy.SecondWithin
                    : null
            );
    }

    private static (string, string)? Problem(
        StartRollout request,
        EmergencyPolicy policy,
        ImmutableArray<string> overrides,
        DateTimeOffset expires,
        DateTimeOffset now
    )
    {
        if (!request.Emergency)
        {
            return overrides.IsEmpty && request.Expires is null
                ? null
                : ("only an emergency goes past gates, and ends.", "--emergency --reason WHY.");
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return ("an emergency needs a reason.", "say why, with --reason.");
        }

        if (expires <= now || expires > now + policy.Longest)
        {
            return (
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"an emergency of {request.Environment} ends after now, and until {(now + policy.Longest).ToUniversalTime():u}."
                ),
                "--expires INSTANT."
            );
        }

        return overrides.FirstOrDefault(each => Never.Contains(each, StringComparer.Ordinal)) is { } whole
                ? ($"nothing goes past {whole}: it keeps the shops' data whole.", "leave it out.")
            : overrides.FirstOrDefault(each => !policy.Lets(each)) is { } refused
                ? (
                    $"an emergency of {request.Environment} may not go past {refused}{(policy.Overrides.IsEmpty ? "" : $", only past {string.Join(", ", policy.Overrides)}")}.",
                    "emergency.overrides of the environment's policy says what it may, in git."
                )
            : null;
    }
}
