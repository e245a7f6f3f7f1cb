using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.Drivers.Catalog;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Catalog;

/// <summary>Gates are judged on code that works: what they call an error there is a fault of theirs.</summary>
[Trait("Length", "long")]
public sealed class RealOdooGateTests : IDisposable
{
    // Codes that Odoo's own modules show and docs/gates.md explains.
    private static readonly string[] Explained =
    [
        "external-id-undeclared",
        "import-addon-undeclared",
        "import-missing",
        "neutralize-missing",
        "python-dependency-missing",
        "python-not-imported",
        "secret-in-tree",
    ];

    // As addons, Odoo's modules would be held to more: their keys and their optional packages count.
    private static readonly string[] ErrorsAsAddons = ["import-missing", "python-dependency-missing", "secret-in-tree"];

    private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("tidegate-gates-");

    [Fact]
    public async Task All_of_Odoo_passes_and_whatever_is_found_is_explained()
    {
        var release = await ReadAsync();
        Assert.True(release.Modules.Count > 500);

        var findings = StaticGates.Judge(new(release, release));

        Assert.DoesNotContain(findings, finding => finding.Severity is Severity.Error);
        Assert.Empty(findings.Select(finding => finding.Code).Except(Explained, StringComparer.Ordinal));
        var asAddons = StaticGates.Judge(
            new(
                release with
                {
                    Modules = release.Modules.SetItems(
                        release.Modules.Select(module =>
                            KeyValuePair.Create(module.Key, module.Value with { IsAddon = true })
                        )
                    ),
                },
                null
            )
        );
        Assert.DoesNotContain(
            asAddons,
            finding =>
                finding.Severity is Severity.Error && !ErrorsAsAddons.Contains(finding.Code, StringComparer.Ordinal)
        );
    }

    public void Dispose() => cache.Delete(recursive: true);

    private async Task<ReleaseFacts> ReadAsync()
    {
        var odoo = (await Repository.EngAsync("where", "odoo"))[0];
        var read = await new ReleaseFactsReader(new ModuleInspector(), cache.FullName, TimeProvider.System).ReadAsync(
            new(odoo, []),
            _ => { },
            TestContext.Current.CancellationToken
        );
        return read.Release!;
    }
}
