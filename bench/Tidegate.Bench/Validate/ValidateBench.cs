using System.Diagnostics;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.Drivers.Catalog;

namespace Tidegate.Bench.Validate;

/// <summary>The whole Odoo 19 tree and fifty addons: validated with nothing known, again, and again after one addon changed.</summary>
/// <remarks>Each figure is of the command itself, its start included: what a developer waits for.</remarks>
internal static class ValidateBench
{
    private const int Addons = 50;
    private const int Rounds = 3;

    public static async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        var odoo = (await Command.ReadAsync("eng/where", ["odoo"], cancellationToken)).Trim();
        var folder = Directory.CreateTempSubdirectory("tidegate-validate-");
        try
        {
            for (var number = 0; number < Addons; number++)
            {
                BenchAddon.Write(Path.Join(folder.FullName, "addons"), number, "a promotion");
            }

            // A disk that has not seen the tree yet would be measured in place of us.
            await Command.ReadAsync("tar", ["--create", "--file=/dev/null", odoo], cancellationToken);
            var cold = await ValidateAsync(odoo, folder.FullName, cancellationToken);
            var incremental = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                BenchAddon.Write(Path.Join(folder.FullName, "addons"), round, $"a promotion, changed {round}");
                incremental.Add(await ValidateAsync(odoo, folder.FullName, cancellationToken));
            }

            var modules = await CountAsync(odoo, folder.FullName, cancellationToken);
            return new()
            {
                ["cold_s"] = cold,
                ["incremental_s"] = Figures.Median(incremental),
                ["modules"] = modules,
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> ValidateAsync(string odoo, string folder, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await Command.ReadAsync(
            Path.Join(AppContext.BaseDirectory, "tidegate"),
            [
                "release",
                "validate",
                "--core",
                odoo,
                "--addons",
                Path.Join(folder, "addons"),
                "--cache",
                Path.Join(folder, "cache"),
            ],
            cancellationToken
        );
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>A figure of a validation that overlooked half of the tree would be worth nothing.</summary>
    private static async Task<int> CountAsync(string odoo, string folder, CancellationToken cancellationToken)
    {
        var reader = new ReleaseFactsReader(new ModuleInspector(), Path.Join(folder, "cache"), TimeProvider.System);
        var validation = await new ReleaseValidator(reader).ValidateAsync(
            new(odoo, [Path.Join(folder, "addons")]),
            null,
            _ => { },
            cancellationToken
        );
        return validation.Modules;
    }
}
