using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Tests.Odoo;

/// <summary>A migration of <c>lab_promo</c> from 1.0 to 1.1 that went well, to be spoiled one fact at a time. The logs are Odoo 19's own, trimmed.</summary>
internal static class OracleCase
{
    public static Catalogue Before { get; } =
        WithModules(
            ("lab_dep", "installed", "19.0.1.0"),
            ("lab_other", "installed", "19.0.1.0"),
            ("lab_promo", "installed", "19.0.1.0")
        );

    public static Catalogue After { get; } =
        WithModules(
            ("lab_dep", "installed", "19.0.1.0"),
            ("lab_other", "installed", "19.0.1.0"),
            ("lab_promo", "installed", "19.0.1.1")
        );

    public static MigrationScript Fill { get; } = new("lab_promo", "1.1", "post-fill");

    public static MigrationFacts Good(MigrationLog log) =>
        new(
            ["lab_promo"],
            new JobResult("u-1", Exit: 0, Signal: null, WallS: 4.5, CpuS: 2.1, PeakMb: 127),
            log,
            ImmutableSortedDictionary<string, string>.Empty.Add("lab_promo", "19.0.1.1"),
            [Fill],
            Before,
            After
        );

    public static Task<MigrationLog> LogAsync(string name) =>
        MigrationLog.ReadAsync(new StringReader(Text(name)), TestContext.Current.CancellationToken);

    public static string Text(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Odoo", "Logs", $"{name}.log"));

    public static Catalogue WithModules(params (string Name, string State, string Version)[] modules) =>
        Catalogue.Empty with
        {
            Modules = modules.ToImmutableSortedDictionary(
                module => module.Name,
                module => new ModuleState(module.State, module.Version),
                StringComparer.Ordinal
            ),
        };

    public static Catalogue Missing(this Catalogue catalogue, params CatalogueGap[] gaps) =>
        catalogue with
        {
            Gaps = [.. gaps],
        };
}
