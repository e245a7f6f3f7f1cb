using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>
/// Whose database may be replaced by a copy of whose. Asked of every commit, and again before each refresh of the fleet
/// as it is then: a tenant that matters to somebody is never written over by a line in the wrong file.
/// </summary>
public static class StagingRules
{
    /// <summary>Null where it may; otherwise half a sentence about the staging tenant.</summary>
    public static string? Refusal(StagedPlace target, StagedPlace source, StagingWorld world)
    {
        if (target.Tenant == source.Tenant)
        {
            return "is a copy of itself";
        }

        if (world.Sources.TryGetValue(source.Tenant, out var further))
        {
            return $"is a copy of {source.Tenant}, which is itself one of {further}";
        }

        if (world.Sources.FirstOrDefault(copy => copy.Value == target.Tenant).Key is { Value: not null } copy)
        {
            return $"is a copy, and {copy} is one of it";
        }

        if (target.Site != source.Site)
        {
            return $"is on site {target.Site}, and {source.Tenant} on {source.Site}: a copy is made where the backups are, in a pool of site {source.Site}";
        }

        if (target.Environment == source.Environment)
        {
            return $"is in {target.Environment} as {source.Tenant} is: whoever works there would take the copy for a shop";
        }

        if (world.SourceEnvironments.Contains(target.Environment))
        {
            return $"is in {target.Environment}, of whose tenants others are copies";
        }

        if (IsBehind(target.Environment, source.Environment, world))
        {
            return $"is in {target.Environment}, which gets its releases after {source.Environment}";
        }

        return world.Policies.GetValueOrDefault(target.Environment) is { Protection.AsksNothing: false } policy
            ? $"is in {target.Environment}, whose policy {policy.Name} asks for protection: what is protected is no copy"
            : null;
    }

    /// <summary>Whether an environment gets its releases after another, over however many.</summary>
    private static bool IsBehind(EnvironmentName environment, EnvironmentName other, StagingWorld world)
    {
        var (seen, open) = (new HashSet<EnvironmentName>(), new Queue<EnvironmentName>([environment]));
        while (open.TryDequeue(out var name))
        {
            foreach (var upstream in world.Upstream.GetValueOrDefault(name, []).Where(seen.Add))
            {
                if (upstream == other)
                {
                    return true;
                }

                open.Enqueue(upstream);
            }
        }

        return false;
    }
}

/// <summary>Where a tenant is.</summary>
public sealed record StagedPlace(TenantName Tenant, SiteName Site, EnvironmentName Environment);

/// <summary>What else there is.</summary>
/// <param name="Sources">Of every tenant that is a copy, whose.</param>
/// <param name="SourceEnvironments">Environments of tenants of which there are copies.</param>
/// <param name="Upstream">Of each environment those before it.</param>
/// <param name="Policies">Of each environment what it asks of change.</param>
public sealed record StagingWorld(
    ImmutableDictionary<TenantName, TenantName> Sources,
    ImmutableHashSet<EnvironmentName> SourceEnvironments,
    ImmutableDictionary<EnvironmentName, ImmutableArray<EnvironmentName>> Upstream,
    ImmutableDictionary<EnvironmentName, EnvironmentPolicy> Policies
);
