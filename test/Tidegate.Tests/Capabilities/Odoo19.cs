using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.Capabilities;

/// <summary>Records as running Odoo 19 gives them. That the real one does is shown where it is run.</summary>
internal static class Odoo19
{
    public static readonly ReleaseRef Release = new("2026.11.2", ReleaseDigest.Create($"sha256:{new string('2', 64)}"));

    public static readonly SeriesExpectation Expected = SeriesExpectation.Of("19.0")!;

    public static CapabilityRecord Record { get; } =
        new(
            CapabilityRecord.CurrentSchema,
            Release.Digest,
            "Odoo Server 19.0",
            "15.14",
            "abc",
            new([.. Expected.Routes.Select(route => new RouteAnswer(route.Name, route.Status, ""))], null, 2.5),
            new(
                new("19.0", "19.0", "Odoo", "3.11.2"),
                [.. Options()],
                [.. Commands()],
                [new("base", "core/odoo/addons/base", "19.0.1.3", true, true, null)],
                [],
                new(1000, 0, 1, 0),
                new(Expected.SessionStore, [.. Expected.SessionMethods.Select(method => method.Name)], "json"),
                new(0, 12, [], "… INFO scratch odoo.modules.loading: Modules loaded. \n"),
                new("15s", false, true, [], ["base", "web"]),
                new(["base"], []),
                ImmutableSortedDictionary<string, string>.Empty,
                ImmutableSortedDictionary<string, double>.Empty
            )
        );

    public static CapabilityRecord With(Func<OdooFacts, OdooFacts> change) =>
        Record with
        {
            Odoo = change(Record.Odoo),
        };

    public static CapabilityVerdict Judge(CapabilityRecord record) => CapabilityVerdict.Of(Stored(record));

    public static Capability Stored(CapabilityRecord record) =>
        new(record.Digest, false, record, null, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(20), "test", "local");

    private static IEnumerable<OdooOption> Options()
    {
        var numbers = new HashSet<string>(StringComparer.Ordinal)
        {
            "db_port",
            "db_maxconn",
            "db_maxconn_gevent",
            "max_cron_threads",
            "limit_time_cpu",
            "limit_time_real",
            "limit_time_real_cron",
            "workers",
        };
        foreach (var name in Expected.Options.Select(option => option.Name))
        {
            var type =
                numbers.Contains(name) ? "int"
                : name is "list_db" or "proxy_mode" ? "bool"
                : "string";
            var isFlag = name.StartsWith('-');
            yield return new(
                isFlag ? $"flag_{name[2..].Replace('-', '_')}" : name,
                isFlag ? [name] : [],
                type,
                [],
                true,
                name is "server_wide_modules" ? "base,rpc,web" : null
            );
        }

        yield return new("limit_memory_soft", [], "int", [], true, "2147483648");
        yield return new("limit_memory_hard", [], "int", [], true, "2684354560");
        yield return new("limit_request", [], "int", [], true, "65536");
        yield return new("save", ["--save"], "bool", [], false, "False");
        yield return new("db_sslmode", ["--db_sslmode"], "choice", ["disable", "prefer"], true, "prefer");
    }

    private static IEnumerable<OdooSubcommand> Commands() =>
        Expected
            .Commands.Select(command => command.Name.Split(' '))
            .GroupBy(words => words[0], StringComparer.Ordinal)
            .Select(group => new OdooSubcommand(
                group.Key,
                [],
                [.. group.Where(words => words.Length > 1).Select(words => words[1])],
                0
            ));
}
