using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Odoo;

namespace Tidegate.IntegrationTests.Odoo;

public sealed class EvidenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tidegate-evidence-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_catalogue_comes_back_as_it_was_written()
    {
        var evidence = new Evidence(Path.Combine(_folder, "shop"));
        var catalogue = Catalogue.Empty with
        {
            Modules = Catalogue.Empty.Modules.Add("sale", new ModuleState("installed", "19.0.1.0")),
            Gaps = [new CatalogueGap(GapKind.NotNull, "sale_order.code", "char", 3)],
            RowCounts = Catalogue.Empty.RowCounts.Add("sale_order", 12),
        };

        await evidence.WriteAsync("before.json", catalogue, Token);
        var read = await evidence.FindAsync<Catalogue>("before.json", Token);

        Assert.Equal(new ModuleState("installed", "19.0.1.0"), read!.Modules["sale"]);
        Assert.Equal(catalogue.Gaps[0], Assert.Single(read.Gaps));
        Assert.Equal(12, read.RowCounts["sale_order"]);
        Assert.Equal("before.json", Path.GetFileName(Assert.Single(Directory.GetFiles(evidence.Folder))));
    }

    [Fact]
    public async Task An_old_control_planes_proof_takes_nobodys_place()
    {
        await new Evidence(_folder).WriteAsync("after.json", Catalogue.Empty, Token);
        var old = new Evidence(_folder, _ => throw new StaleEpochException(new("shop"), 7));

        await Assert.ThrowsAsync<StaleEpochException>(() => old.WriteAsync("after.json", "mine", Token));

        Assert.NotNull(await old.FindAsync<Catalogue>("after.json", Token));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task What_an_attempt_that_was_killed_had_written_goes_when_the_file_is_written_again()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, ".after.json.4711.new"), "{ \"half", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, ".before.json.4711.new"), "another's", Token);

        await new Evidence(_folder).WriteAsync("after.json", Catalogue.Empty, Token);

        Assert.Equal(
            [".before.json.4711.new", "after.json"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task What_was_never_written_is_not_found() =>
        Assert.Null(await new Evidence(_folder).FindAsync<Catalogue>("before.json", Token));
}
