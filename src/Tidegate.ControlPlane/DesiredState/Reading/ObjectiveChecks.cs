using System.Globalization;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>Every objective covers somebody, its tags are some tenant's, and no tenant has two of one process.</summary>
internal static class ObjectiveChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var objectives = fleet.Read<RecoveryObjective>(Folders.Objectives).ToList();
        if (objectives.Count == 0)
        {
            return;
        }

        var tags = fleet
            .Read<DesiredTenant>(Folders.Tenants)
            .SelectMany(read => read.Object.Tags)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (document, objective) in objectives)
        {
            CheckCover(document, objective, tags, problems);
        }

        CheckTwice(fleet, objectives, problems);
    }

    private static void CheckCover(
        DesiredDocument document,
        RecoveryObjective objective,
        HashSet<string> tags,
        FirstProblems problems
    )
    {
        if (objective.Environments.IsEmpty && objective.Tenants.IsEmpty && objective.Tags.IsEmpty)
        {
            problems.Add(
                document,
                document.PlaceOf("process"),
                "the objective is nobody's.",
                "Add environments, tags or tenants."
            );
        }

        for (var item = 0; item < objective.Tags.Length; item++)
        {
            if (!tags.Contains(objective.Tags[item]))
            {
                problems.Add(
                    document,
                    document.PlaceOf("tags", item),
                    $"no tenant has the tag {objective.Tags[item]}.",
                    problems.HasRoom ? Suggestions.Nearest(objective.Tags[item], tags) : null
                );
            }
        }
    }

    private static void CheckTwice(
        FleetObjects fleet,
        List<(DesiredDocument Document, RecoveryObjective Objective)> objectives,
        FirstProblems problems
    )
    {
        var pools = fleet
            .Read<DesiredPool>(Folders.Pools)
            .ToDictionary(read => read.Object.Name, read => read.Object.Environment);
        // Two objectives of one process are told once, with how many tenants they share.
        var shared = new Dictionary<(int First, int Second), (string Tenant, int Count)>();
        foreach (var (_, tenant) in fleet.Read<DesiredTenant>(Folders.Tenants))
        {
            var of = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var index = 0; index < objectives.Count; index++)
            {
                var objective = objectives[index].Objective;
                if (
                    ObjectiveCover.Has(objective, tenant, pools.GetValueOrDefault(tenant.Pool))
                    && !of.TryAdd(objective.Process, index)
                )
                {
                    var pair = (of[objective.Process], index);
                    shared[pair] = shared.TryGetValue(pair, out var known)
                        ? known with
                        {
                            Count = known.Count + 1,
                        }
                        : (tenant.Name.Value, 1);
                }
            }
        }

        foreach (var ((first, second), (tenant, count)) in shared.OrderBy(each => each.Key))
        {
            var (document, objective) = objectives[second];
            var other = objectives[first].Document;
            problems.Add(
                document,
                document.PlaceOf("process"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{tenant}{(count > 1 ? $" and {count - 1} more have" : " has")} an objective of {objective.Process} already, in {FleetChecks.Where(other, other.PlaceOf("process"))}."
                ),
                "Leave them to one of the two."
            );
        }
    }
}
