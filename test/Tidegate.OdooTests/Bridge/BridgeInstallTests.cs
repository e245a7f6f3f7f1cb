using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Bridge;

/// <summary>Odoo serves on without a server-wide module that fails. Ours must not let it.</summary>
[Collection(nameof(OdooShop))]
public sealed class BridgeInstallTests(OdooShop shop)
{
    [Fact]
    public async Task An_odoo_series_without_a_file_of_its_own_is_refused()
    {
        await using var python = OdooProcess.Start(
            shop,
            "series.log",
            [
                "-c",
                "import odoo.release as r; r.version_info = (12, 0, 0, 'final', 0, ''); import tidegate_bridge; tidegate_bridge.install()",
            ],
            ("PYTHONPATH", $"{shop.Odoo.Packages}:{shop.Bridge}"),
            ("TIDEGATE_BRIDGE_FILE", shop.At("none.json"))
        );

        Assert.Equal(1, await python.WaitForExitAsync());
        Assert.Contains("Odoo series 12 is not supported", python.ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odoo_does_not_start_when_the_bridge_is_told_no_file()
    {
        await using var odoo = OdooProcess.Start(
            shop,
            "no-file.log",
            [
                shop.Odoo.Program,
                "--config",
                await shop.ConfigureAsync("2026.11.1"),
                "--workers",
                "1",
                "--http-port",
                $"{FreePort.Find()}",
            ]
        );

        Assert.Equal(1, await odoo.WaitForExitAsync());
        Assert.Contains("TIDEGATE_BRIDGE_FILE is not set", odoo.ReadLog(), StringComparison.Ordinal);
    }
}
