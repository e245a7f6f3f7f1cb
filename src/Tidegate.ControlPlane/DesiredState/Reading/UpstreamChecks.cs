using Tidegate.ControlPlane.DesiredState.Schema;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>Environments form an ordered graph: none waits for itself.</summary>
internal static class UpstreamChecks
{
    /// <summary>How many environments may lie on one way upstream.</summary>
    private const int Longest = 100;

    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        var settled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (document, environment) in fleet.Read<DesiredEnvironment>(Folders.Environments))
        {
            if (environment.Soak > TimeSpan.Zero && environment.Upstream.IsEmpty)
            {
                problems.Add(
                    document,
                    document.PlaceOf("soak"),
                    "a soak time without upstream has no meaning: nothing is waited for.",
                    "Add upstream, or remove soak."
                );
            }

            if (!settled.Contains(environment.Name.Value))
            {
                Walk(fleet, environment, [], settled, problems);
            }
        }
    }

    /// <param name="way">The environments on the way here, the first first.</param>
    /// <param name="settled">Environments from which every way was walked; each cycle is told once.</param>
    private static void Walk(
        FleetObjects fleet,
        DesiredEnvironment environment,
        List<string> way,
        HashSet<string> settled,
        FirstProblems problems
    )
    {
        if (way.Count == Longest)
        {
            var document = fleet.In(Folders.Environments)[environment.Name.Value];
            problems.Add(
                document,
                document.PlaceOf("upstream"),
                FormattableString.Invariant($"more than {Longest} environments lie one behind the other here.")
            );
            settled.Add(environment.Name.Value);
            return;
        }

        way.Add(environment.Name.Value);
        for (var index = 0; index < environment.Upstream.Length; index++)
        {
            var name = environment.Upstream[index].Value;
            var begin = way.IndexOf(name);
            if (begin >= 0)
            {
                var document = fleet.In(Folders.Environments)[environment.Name.Value];
                problems.Add(
                    document,
                    document.PlaceOf("upstream", index),
                    $"{name} waits for itself: {string.Join(" → ", way[begin..])} → {name}."
                );
            }
            else if (
                !settled.Contains(name) && fleet.Find<DesiredEnvironment>(Folders.Environments, name) is { } upstream
            )
            {
                Walk(fleet, upstream, way, settled, problems);
            }
        }

        way.RemoveAt(way.Count - 1);
        settled.Add(environment.Name.Value);
    }
}
