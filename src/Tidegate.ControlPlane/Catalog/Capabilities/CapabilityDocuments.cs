using System.Globalization;
using System.Text.Json;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>Capability records as the API shows them.</summary>
internal static class CapabilityDocuments
{
    public static CapabilityView View(ReleaseRef release, Capability? capability)
    {
        var verdict = CapabilityVerdict.Of(capability);
        var findings = verdict switch
        {
            CapabilityVerdict.Proven proven => proven.Notes,
            CapabilityVerdict.Deviates deviates => deviates.Findings,
            _ => [],
        };
        return new(
            release.Name,
            release.Digest.Value,
            verdict.Name,
            capability?.IsWanted ?? false,
            (verdict as CapabilityVerdict.Failed)?.Reason,
            capability?.MadeAt,
            capability?.Took?.TotalSeconds,
            capability?.Site,
            [
                .. findings.Select(finding => new CapabilityFindingView(
                    finding.Code,
                    finding.Subject,
                    finding.Expected,
                    finding.Found,
                    finding.Why,
                    finding.Matters
                )),
            ],
            capability?.Record is { } record ? [.. Facts(record)] : [],
            capability?.Record is { } whole ? JsonSerializer.SerializeToElement(whole, StoredJson.Options) : null
        );
    }

    private static IEnumerable<CapabilityFactView> Facts(CapabilityRecord record)
    {
        var odoo = record.Odoo;
        yield return new("odoo", record.Version);
        yield return new(
            "runs on",
            $"Python {odoo.Identity?.Python ?? "unknown"}, PostgreSQL {record.Postgres}, bridge {record.Bridge}"
        );
        yield return new(
            "commands",
            Text(
                odoo.Commands,
                commands =>
                    $"{Count(odoo.Options)} options; {string.Join(", ", commands.Select(command => command.Name))}"
            )
        );
        yield return new(
            "modules",
            Text(
                odoo.Addons,
                addons =>
                    $"{Number(addons.Length)} seen; an empty database gets {Number(odoo.Loading?.Installed.Length ?? 0)}"
            )
        );
        foreach (var route in record.Server.Routes)
        {
            yield return new("route", $"{route.Name}: {(route.Status is { } status ? Number(status) : "no answer")}");
        }

        if (odoo.Loading is { } loading)
        {
            yield return new(
                "loading",
                $"lock timeout {loading.LockTimeout ?? "none"}, {(loading.RegistryLock ? "a" : "no")} registry lock, {(loading.FinishesPartialUpdates ? "goes on with" : "leaves")} an update that did not end"
            );
        }

        if (odoo.Sessions is { } sessions)
        {
            yield return new("sessions", $"{sessions.Store}, {sessions.Format ?? "no file"}");
        }

        yield return new(
            "packages",
            Text(
                odoo.Dependencies,
                all => $"{Number(all.Length)} asked for, {Number(all.Count(one => one.Problem is not null))} missing"
            )
        );
        if (odoo.Neutralisation is { } copies)
        {
            yield return new("copies", $"{Number(copies.Scripts.Length)} modules say how a copy forgets");
        }

        if (odoo.Files is { } files)
        {
            yield return new(
                "files",
                $"{Number(files.Files)}, modified from {Day(files.Oldest)} to {Day(files.Newest)}"
            );
        }
    }

    private static string Text<T>(T? known, Func<T, string> text)
        where T : struct => known is { } value ? text(value) : "unknown";

    private static string Count(System.Collections.Immutable.ImmutableArray<OdooOption>? options) =>
        options is { } known ? Number(known.Length) : "unknown";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Day(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
