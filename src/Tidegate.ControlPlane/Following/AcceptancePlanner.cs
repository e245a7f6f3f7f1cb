using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Following;

/// <summary>Says what taking a commit's state changes.</summary>
public static class AcceptancePlanner
{
    /// <param name="range">How the branch came to the commit since the last that was taken.</param>
    /// <param name="known">What git said of environments until now.</param>
    public static Acceptance Plan(
        FollowingDecision.Accept accepted,
        TakenRange range,
        ImmutableDictionary<EnvironmentName, EnvironmentTerms> known,
        DateTimeOffset now
    )
    {
        var fleet = accepted.Fleet;
        var terms = fleet
            .Environments.Select(environment => TermsOf(environment, fleet, accepted.Commit, now))
            .Select(terms => Moved(terms, known.GetValueOrDefault(terms.Environment)))
            .OfType<EnvironmentTerms>()
            .ToImmutableArray();
        var gone = known
            .Keys.Where(name => fleet.Environments.Find(name) is null)
            .OrderBy(name => name.Value, StringComparer.Ordinal)
            .ToImmutableArray();
        return new(
            new(accepted.Commit.Id, accepted.Commit.Author, accepted.Commit.Subject, accepted.Commit.CommittedAt, now),
            range,
            terms,
            gone,
            [
                .. terms
                    .Where(each => each.Release is not null && each.Release != ReleaseOf(each.Environment, known))
                    .Select(each => new AskedRelease(each.Environment, each.Release!, each.Commit, each.Author)),
            ],
            [
                .. gone,
                .. terms
                    .Where(each => each.Release is null && ReleaseOf(each.Environment, known) is not null)
                    .Select(each => each.Environment),
            ],
            [
                .. fleet
                    .Environments.Where(environment => environment.Release is not null)
                    .Select(environment => new KeptRelease(
                        environment.Release!.Value,
                        fleet.Releases[environment.Release.Value].Digest,
                        environment.Name
                    ))
                    .DistinctBy(release => release.Name),
            ],
            ObjectiveCover.Terms(fleet),
            [
                .. fleet
                    .Sites.Where(site => site.Backups is not null || site.TenantBackups is not null)
                    .Select(site => new SiteBackupTerms(site.Name, site.Backups, site.TenantBackups)),
            ],
            [
                .. fleet
                    .Tenants.Where(tenant => tenant.CopyOf is not null)
                    .Select(tenant => new StagingTenant(tenant.Name, tenant.TimeZone, tenant.CopyOf!, now)),
            ],
            [.. fleet.Calendars],
            Summary(accepted)
        );
    }

    private static EnvironmentTerms TermsOf(
        DesiredEnvironment environment,
        DesiredFleet fleet,
        SourceCommit commit,
        DateTimeOffset now
    ) =>
        TermsOf(
            environment,
            fleet,
            environment.Release is { } asked ? fleet.Releases[asked] : null,
            (commit.Id.Value, commit.Author),
            now
        );

    /// <summary>What a fleet says of an environment for a release.</summary>
    /// <param name="release">The one that the environment asks for, or that somebody thinks of; null for none.</param>
    internal static EnvironmentTerms TermsOf(
        DesiredEnvironment environment,
        DesiredFleet fleet,
        DesiredRelease? release,
        (string Id, string Author) commit,
        DateTimeOffset now
    ) =>
        ExpeditedPolicy.Of(
            new(
                environment.Name,
                release is null ? null : new(release.Name.Value, release.Digest),
                environment.Upstream,
                environment.Soak,
                fleet.PolicyOf(environment),
                commit.Id,
                commit.Author,
                now
            )
            {
                Places = PlacesOf(environment, fleet),
            },
            release?.Security
        );

    private static ImmutableSortedDictionary<string, string> PlacesOf(
        DesiredEnvironment environment,
        DesiredFleet fleet
    ) =>
        Places(Folders.Environments, environment.Name.Value, environment.Lines)
            .Concat(
                environment.Policy is { } name ? Places(Folders.Policies, name.Value, fleet.Policies[name].Lines) : []
            )
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Places(
        ObjectFolder folder,
        string name,
        ImmutableSortedDictionary<string, int> lines
    ) =>
        lines.Select(line =>
            KeyValuePair.Create(line.Key, FormattableString.Invariant($"{folder.FileOf(name)}:{line.Value}"))
        );

    /// <summary>Null where nothing changed. Where only the lines moved, who changed it last stays who it was.</summary>
    private static EnvironmentTerms? Moved(EnvironmentTerms terms, EnvironmentTerms? known) =>
        known is null || !Equal(terms, known with { Places = terms.Places }) ? terms
        : known.Places.SequenceEqual(terms.Places) ? null
        : known with { Places = terms.Places };

    private static bool Equal(EnvironmentTerms terms, EnvironmentTerms known) =>
        // Lists in a record are compared by what is stored of them.
        StoredJson.Write(terms)
        == StoredJson.Write(known with { Commit = terms.Commit, Author = terms.Author, AcceptedAt = terms.AcceptedAt });

    private static ReleaseRef? ReleaseOf(
        EnvironmentName environment,
        ImmutableDictionary<EnvironmentName, EnvironmentTerms> known
    ) => known.GetValueOrDefault(environment)?.Release;

    private static string Summary(FollowingDecision.Accept accepted) =>
        accepted.Changes is not { } changes
            ? FormattableString.Invariant(
                $"{accepted.Fleet.Environments.Count} environments, {accepted.Fleet.Pools.Count} pools, {accepted.Fleet.Tenants.Count} tenants"
            )
        : changes.IsEmpty ? "nothing of the fleet"
        : string.Join(
            ", ",
            changes
                .GroupBy(change => (change.Noun, change.Kind))
                .Select(group =>
                    FormattableString.Invariant(
                        $"{group.Count()} {group.Key.Noun} {group.Key.Kind.ToString().ToLowerInvariant()}"
                    )
                )
        );
}
