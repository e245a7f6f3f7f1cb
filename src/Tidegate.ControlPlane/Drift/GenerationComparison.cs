using System.Collections.Immutable;
using Tidegate.ControlPlane.Configuration;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Compares what runs with what it was made with, and that with what the fleet asks for. Pure.</summary>
public static class GenerationComparison
{
    /// <summary>Stands for a port in arguments: which one is chosen at each start.</summary>
    public const string Port = "(port)";

    private const string Absent = "(not set)";

    // Whoever wrote one there by hand is not to find it in a log.
    private static readonly ImmutableHashSet<string> Secret = ["admin_passwd", "db_password"];

    private static readonly ImmutableArray<string> WebArguments = [$"--http-port={Port}", $"--gevent-port={Port}"];

    /// <param name="found">Null when nothing of it is to run on the site.</param>
    public static (IEnumerable<Difference> Differences, IEnumerable<Unjudged> Unjudged) Of(
        ExpectedGeneration generation,
        LiveGeneration? found
    )
    {
        if (found is null)
        {
            return ([One(generation, DriftCode.GenerationMissing, "generation", "runs", "is not there")], []);
        }

        return (
            [.. Running(generation, found), .. Behind(generation, found), .. Changed(generation, found)],
            [
                .. ((string[])["web", "cron"])
                    .Where(name => found.Processes.All(process => process.Name != name))
                    .Select(name =>
                        Unknown(generation, $"its {name} process does not run; the supervisor starts it again")
                    ),
                .. found.Settings is Reading<ImmutableSortedDictionary<string, string>>.Unknown settings
                    ? [Unknown(generation, settings.Why)]
                    : Array.Empty<Unjudged>(),
                .. found.ChangedFiles is Reading<ImmutableArray<string>>.Unknown files
                    ? [Unknown(generation, files.Why)]
                    : Array.Empty<Unjudged>(),
            ]
        );
    }

    /// <summary>What a restart makes right.</summary>
    public static IEnumerable<Difference> Running(ExpectedGeneration generation, LiveGeneration found) =>
        [
            .. found.Processes.SelectMany(process => Process(generation, process)),
            .. found.Settings is Reading<ImmutableSortedDictionary<string, string>>.Seen settings
                ? Options(
                    Expected(found.Recorded),
                    settings.Value,
                    (name, expected, was) => One(generation, DriftCode.GenerationOption, name, expected, was)
                )
                : [],
        ];

    private static IEnumerable<Difference> Process(ExpectedGeneration generation, LiveProcess process)
    {
        if (process.Runs != generation.Digest.Value)
        {
            yield return One(
                generation,
                DriftCode.GenerationDigest,
                process.Name,
                generation.Digest.Value,
                process.Runs
            );
        }

        var arguments = process.Name is "cron" ? CronProcess.Arguments : WebArguments;
        if (!arguments.SequenceEqual(process.Arguments, StringComparer.Ordinal))
        {
            yield return One(
                generation,
                DriftCode.GenerationArguments,
                process.Name,
                string.Join(' ', arguments),
                string.Join(' ', process.Arguments)
            );
        }

        if (process.IsStale)
        {
            yield return One(
                generation,
                DriftCode.GenerationStale,
                process.Name,
                "odoo.conf is older than the process",
                "odoo.conf was written after the process had read it"
            );
        }
    }

    /// <summary>What the fleet asks for now, against what the generation was made with.</summary>
    private static IEnumerable<Difference> Behind(ExpectedGeneration generation, LiveGeneration found) =>
        Options(
            Expected(new(generation.Pool.Workers, generation.Pool.Options)),
            Expected(found.Recorded),
            (name, expected, was) =>
                One(generation, DriftCode.OptionsBehind, name, expected, was) with
                {
                    Cause = DriftCause.Behind,
                }
        );

    private static IEnumerable<Difference> Changed(ExpectedGeneration generation, LiveGeneration found) =>
        found.ChangedFiles is Reading<ImmutableArray<string>>.Seen files
            ? files.Value.Select(file => One(generation, DriftCode.ReleaseTree, file, "as built", "changed or added"))
            : [];

    private static IEnumerable<Difference> Options(
        ImmutableSortedDictionary<string, string> expected,
        ImmutableSortedDictionary<string, string> found,
        Func<string, string, string, Difference> difference
    ) =>
        expected
            .Keys.Union(found.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Where(name => expected.GetValueOrDefault(name) != found.GetValueOrDefault(name))
            .Select(name => difference(name, Shown(name, expected), Shown(name, found)));

    private static string Shown(string name, ImmutableSortedDictionary<string, string> settings) =>
        !settings.TryGetValue(name, out var value) ? Absent
        : Secret.Contains(name)
            ? value.Length == 0 || value is "False" ? "none"
                : "(a secret)"
        : value;

    private static ImmutableSortedDictionary<string, string> Expected(RecordedGeneration made) =>
        GenerationSettings
            .Of(GenerationPlaces.OfNobody, made.Workers, made.Options)
            .ToImmutableSortedDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);

    private static Difference One(
        ExpectedGeneration generation,
        DriftCode code,
        string item,
        string expected,
        string found
    ) => new(generation.Subject, generation.Pool.Environment, code, item, expected, found);

    private static Unjudged Unknown(ExpectedGeneration generation, string why) =>
        new(generation.Subject, DriftAspect.Generation, why);
}
