using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>What must hold between the files of a fleet. A file that is broken itself is no cause for a second complaint elsewhere.</summary>
internal static class FleetChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        CheckReferences(fleet, problems);
        SiteChecks.Check(fleet, problems);
        UpstreamChecks.Check(fleet, problems);
        TenantChecks.Check(fleet, problems);
        CopyChecks.Check(fleet, problems);
        CheckDigests(fleet, problems);
        CheckCanaries(fleet, problems);
        LimitChecks.Check(fleet, problems);
        ObjectiveChecks.Check(fleet, problems);
        CalendarFileChecks.Check(fleet, problems);
        PeopleChecks.Check(fleet, problems);
        EmergencyChecks.Check(fleet, problems);
        PolicyCaseChecks.Check(fleet, problems);
    }

    /// <summary>Adds a problem at a place in a file.</summary>
    public static void Add(
        this FirstProblems problems,
        DesiredDocument document,
        Place at,
        string what,
        string? suggestion = null
    ) => problems.Add(new FleetProblem(document.Path, at.Line, at.Column, what, suggestion));

    /// <summary>"tenants/shop-oslo.yaml:4:3".</summary>
    public static string Where(DesiredDocument document, Place at) =>
        FormattableString.Invariant($"{document.Path}:{at.Line}:{at.Column}");

    private static void CheckReferences(FleetObjects fleet, FirstProblems problems)
    {
        foreach (var document in fleet.Documents)
        {
            foreach (var reference in document.References.Where(reference => reference.Folder != MemberKind.Root))
            {
                var known = fleet.In(reference.Folder);
                if (known.ContainsKey(reference.Name))
                {
                    continue;
                }

                var file = FleetSchema.Find(reference.Folder)!.Folder!.FileOf(reference.Name);
                problems.Add(
                    document,
                    reference.At,
                    $"there is no {file}.",
                    problems.HasRoom ? Suggestions.Nearest(reference.Name, [.. known.Keys]) : null
                );
            }
        }
    }

    private static void CheckDigests(FleetObjects fleet, FirstProblems problems)
    {
        var seen = new Dictionary<ReleaseDigest, DesiredDocument>();
        foreach (var (document, release) in fleet.Read<DesiredRelease>(Folders.Releases))
        {
            if (!seen.TryAdd(release.Digest, document))
            {
                var first = seen[release.Digest];
                problems.Add(
                    document,
                    document.PlaceOf("digest"),
                    $"{release.Digest.Short}… is the digest of {Where(first, first.PlaceOf("digest"))} too; a digest has one name.",
                    $"Use {first.Name}."
                );
            }
        }
    }

    /// <summary>A rollout refuses a canary that is none of its tenants: say it before.</summary>
    private static void CheckCanaries(FleetObjects fleet, FirstProblems problems)
    {
        foreach (var (document, environment) in fleet.Read<DesiredEnvironment>(Folders.Environments))
        {
            if (
                environment.Policy is not { } policy
                || fleet.Find<EnvironmentPolicy>(Folders.Policies, policy.Value)
                    is not { Rollout.Canaries: { } canaries }
            )
            {
                continue;
            }

            foreach (var canary in canaries)
            {
                if (
                    fleet.Find<DesiredTenant>(Folders.Tenants, canary) is { } tenant
                    && fleet.Find<DesiredPool>(Folders.Pools, tenant.Pool.Value) is { } pool
                    && pool.Environment != environment.Name
                )
                {
                    problems.Add(
                        document,
                        document.PlaceOf("policy"),
                        $"the policy {policy} has the canary {canary}, which belongs to {pool.Environment}, not to {environment.Name}.",
                        "Give the environment a policy of its own, or the policy other canaries."
                    );
                }
            }
        }
    }
}
