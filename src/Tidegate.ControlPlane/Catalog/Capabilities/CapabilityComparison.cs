using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Compares what was found with what is expected of the series. Pure.</summary>
internal static class CapabilityComparison
{
    public static ImmutableArray<CapabilityFinding> Compare(CapabilityRecord record)
    {
        var odoo = record.Odoo;
        if (odoo.Identity is not { } identity)
        {
            return [.. Undetermined(odoo)];
        }

        return SeriesExpectation.Of(identity.Series) is { } expected
            ?
            [
                .. Undetermined(odoo),
                .. Interpreter(identity, expected),
                .. Installation(odoo),
                .. Options(record, expected),
                .. Commands(odoo, expected),
                .. Server(record.Server, expected),
                .. Loading(odoo, expected),
                .. Sessions(odoo, expected),
                .. ModuleComparison.Compare(odoo),
            ]
            :
            [
                new(
                    "series-unknown",
                    "the Odoo series",
                    SeriesExpectation.Names,
                    identity.Series,
                    "Bridge, migrations and journeys are written for a series; this one has none."
                ),
            ];
    }

    private static IEnumerable<CapabilityFinding> Undetermined(OdooFacts odoo) =>
        odoo.Undetermined.Select(part => new CapabilityFinding(
            "not-determined",
            part.Key,
            "an answer",
            part.Value,
            "What cannot be found out is not taken for granted."
        ));

    private static IEnumerable<CapabilityFinding> Interpreter(OdooIdentity identity, SeriesExpectation expected)
    {
        var parts = identity.Python.Split('.');
        if (
            parts.Length < 2
            || !Version.TryParse($"{parts[0]}.{parts[1]}", out var version)
            || version < expected.OldestPython
        )
        {
            yield return new(
                "python-too-old",
                "the interpreter",
                $"Python {expected.OldestPython} or later",
                identity.Python,
                "The series declares it."
            );
        }
    }

    private static IEnumerable<CapabilityFinding> Installation(OdooFacts odoo)
    {
        if (odoo.Installation is not { } installation)
        {
            yield break;
        }

        if (installation.ExitCode != 0)
        {
            yield return new(
                "installation-failed",
                "odoo -i base on an empty database",
                "exit code 0",
                $"{installation.ExitCode.ToString(CultureInfo.InvariantCulture)}: {LastLine(installation.LastLines)}",
                "No database of this release can be made."
            );
        }
        else if (!installation.LastLines.Contains("Modules loaded.", StringComparison.Ordinal))
        {
            yield return new(
                "log-sentence-missing",
                "the log of odoo -i base",
                "\"Modules loaded.\"",
                LastLine(installation.LastLines),
                "Migrations are judged by that sentence: without it each would count as failed."
            );
        }
    }

    private static IEnumerable<CapabilityFinding> Options(CapabilityRecord record, SeriesExpectation expected)
    {
        if (record.Odoo.Options is null)
        {
            yield break;
        }

        foreach (var missing in expected.Options.Where(option => record.Option(option.Name) is null))
        {
            yield return new("option-missing", $"option {missing.Name}", "known", "unknown", missing.Why);
        }

        foreach (var back in expected.Removed.Where(option => record.Option(option.Name) is not null))
        {
            yield return new("option-unexpected", $"option {back.Name}", "unknown", "known", back.Why);
        }

        foreach (var value in expected.Defaults)
        {
            if (record.Option(value.Name) is { } option && option.Value != value.Value)
            {
                yield return new(
                    "default-changed",
                    $"the default of {value.Name}",
                    value.Value,
                    option.Value ?? "none",
                    value.Why
                );
            }
        }
    }

    private static IEnumerable<CapabilityFinding> Commands(OdooFacts odoo, SeriesExpectation expected)
    {
        if (odoo.Commands is not { } commands)
        {
            yield break;
        }

        var known = commands
            .SelectMany(command => command.Actions.Select(action => $"{command.Name} {action}").Append(command.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var missing in expected.Commands.Where(command => !known.Contains(command.Name)))
        {
            yield return new("command-missing", $"odoo {missing.Name}", "a sub-command", "none", missing.Why);
        }

        foreach (var broken in commands.Where(command => command.HelpExitCode != 0))
        {
            yield return new(
                "command-broken",
                $"odoo {broken.Name} --help",
                "exit code 0",
                broken.HelpExitCode.ToString(CultureInfo.InvariantCulture),
                "It cannot even explain itself.",
                Matters: expected.Commands.Any(command => command.Name.Split(' ')[0] == broken.Name)
            );
        }
    }

    private static IEnumerable<CapabilityFinding> Server(ServerFacts server, SeriesExpectation expected)
    {
        if (server.Problem is { } problem)
        {
            return
            [
                new(
                    "server-not-started",
                    "a web server with the bridge",
                    "it answers",
                    problem,
                    "A generation of this release would not start."
                ),
            ];
        }

        return from route in expected.Routes
            let answer = server.Routes.FirstOrDefault(answer => answer.Name == route.Name)
            where answer?.Status != route.Status
            select new CapabilityFinding(
                answer?.Status is 404 ? "route-missing" : "route-changed",
                route.Name,
                route.Status.ToString(CultureInfo.InvariantCulture),
                answer?.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer",
                route.Why
            );
    }

    private static IEnumerable<CapabilityFinding> Loading(OdooFacts odoo, SeriesExpectation expected)
    {
        if (odoo.Loading is not { } loading)
        {
            yield break;
        }

        if (loading.LockTimeout != expected.LockTimeout)
        {
            yield return new(
                "lock-timeout-changed",
                "the lock timeout while modules are loaded",
                expected.LockTimeout,
                loading.LockTimeout ?? "none",
                "Without one a migration waits for ever behind a forgotten reader, and everybody behind it."
            );
        }

        if (loading.FinishesPartialUpdates != expected.FinishesPartialUpdates)
        {
            yield return new(
                "partial-updates-changed",
                "a start after an update that did not end",
                expected.FinishesPartialUpdates ? "goes on with the update" : "leaves it",
                loading.FinishesPartialUpdates ? "goes on with the update" : "leaves it",
                "What an old generation may do to a half-updated database rests on it."
            );
        }

        // Point releases of one series differ in it.
        if (loading.RegistryLock)
        {
            yield return new(
                "registry-lock",
                "loading a registry",
                "with or without an advisory lock",
                "with one",
                "Processes that load one tenant at once wait for each other: warming takes as long as its workers together.",
                Matters: false
            );
        }
    }

    private static IEnumerable<CapabilityFinding> Sessions(OdooFacts odoo, SeriesExpectation expected)
    {
        if (odoo.Sessions is not { } sessions)
        {
            yield break;
        }

        foreach (
            var missing in expected.SessionMethods.Where(method =>
                !sessions.Methods.Contains(method.Name, StringComparer.Ordinal)
            )
        )
        {
            yield return new(
                "session-store-unfit",
                $"{sessions.Store}.{missing.Name}",
                "a method",
                "none",
                missing.Why
            );
        }

        if (sessions.Store != expected.SessionStore)
        {
            yield return new(
                "session-store-other",
                "the session store",
                expected.SessionStore,
                sessions.Store,
                "Sessions are then not in the pool's data folder.",
                Matters: false
            );
        }
        else if (sessions.Format != expected.SessionFormat)
        {
            yield return new(
                "session-format-changed",
                "a session on disk",
                expected.SessionFormat,
                sessions.Format ?? "no file",
                "Old and new release of a pool read each other's sessions: another format logs everybody out."
            );
        }
    }

    private static string LastLine(string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? last
            : "nothing";
}
