using System.Globalization;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>Why a release may not be rolled out, before any tenant is looked at.</summary>
internal static class BlockedRelease
{
    /// <summary>Null unless somebody blocked it.</summary>
    public static PlanResult.Blocked? Refusal(ReleaseRecord release) =>
        release.Block is not { } block
            ? null
            : new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"release {release.Ref.Name} is blocked by {block.By} since {block.At:u}: {block.Reason}"
                ),
                $"choose another release, or tidegate release unblock {release.Ref.Name} --reason TEXT."
            );

    /// <summary>Null unless tenants run a release that was registered after this one.</summary>
    /// <param name="running">The releases that the members run.</param>
    public static PlanResult.Blocked? OlderRefusal(
        ReleaseRecord release,
        IReadOnlyCollection<FleetMember> members,
        IEnumerable<ReleaseRecord> running
    )
    {
        var newer = running
            .Where(other => other.RegisteredAt > release.RegisteredAt)
            .ToDictionary(other => other.Ref.Digest, other => other.Ref.Name);
        var ahead = members.Where(member => newer.ContainsKey(member.Release.Digest)).ToList();
        return ahead is not [var first, ..]
            ? null
            : new(
                $"{first.Tenant.Name}{Others(ahead.Count - 1)} newer {newer[first.Release.Digest]}, and {release.Ref.Name} was registered before it: going there is no way back, what was migrated stays migrated.",
                "give --older if that is meant."
            );
    }

    private static string Others(int others) =>
        others switch
        {
            0 => " runs the",
            1 => " and 1 more run a",
            _ => string.Create(CultureInfo.InvariantCulture, $" and {others} more run a"),
        };
}
