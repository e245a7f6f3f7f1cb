using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.Catalog;

namespace Tidegate.Tests.Catalog;

/// <summary>What a build records beside the digest, and that older records are still read.</summary>
public sealed class BuildRecordTests : IDisposable
{
    private readonly CatalogFolder folder = new CatalogFolder().WithShop();

    [Fact]
    public void Modules_are_recorded_with_licence_scripts_and_python()
    {
        folder.Module(
            "addons/promo",
            "{'depends': ['sale'], 'license': 'OPL-1', 'version': '19.0.1.1.0', 'external_dependencies': {'python': ['zeep>=4', 'lxml']}}"
        );
        folder.Write("addons/promo/migrations/19.0.1.1.0/post-prices.py", "def migrate(cr, version): pass");
        folder.Write("addons/promo/migrations/19.0.1.1.0/README.md", "no script");
        folder.Write("addons/promo/upgrades/19.0.1.0.1/pre-x.py", "def migrate(cr, version): pass");

        var promo = Build().Bundle.Find("promo")!;

        Assert.Equal("OPL-1", promo.Licence);
        Assert.Equal(["zeep>=4", "lxml"], promo.Python!.Value);
        Assert.Equal(["migrations/19.0.1.1.0/post-prices.py", "upgrades/19.0.1.0.1/pre-x.py"], promo.Migrations!.Value);
    }

    [Fact]
    public void What_a_build_is_told_and_finds_is_recorded_and_is_no_part_of_the_digest()
    {
        var plain = folder.Built("plain");
        folder.Module("addons/promo", "{'depends': ['sale'], 'version': '19.0.1.1.0', 'auto_install': True}");

        var release = Build(
            new ReleaseNotes(["TIPS"], "Autumn") { DeclaredBehaviourChanges = ["Returns need a reason"] },
            new ReleaseRisk(RiskLevel.High, "touches prices")
        );

        Assert.Equal(plain.Digest, release.Digest);
        Assert.Equal("Returns need a reason", Assert.Single(release.Notes.DeclaredBehaviourChanges));
        Assert.Equal(new ReleaseRisk(RiskLevel.High, "touches prices"), release.Risk);
        Assert.Equal(["core", "addons"], release.Source.Select(source => source.Role));
        Assert.Equal("3.11.2", release.Python!.Version);
        Assert.Equal(
            JsonSerializer.Serialize(release),
            JsonSerializer.Serialize(folder.Store.FindRelease("2026.11.1"))
        );
    }

    [Fact]
    public void The_same_again_keeps_the_first_record_and_another_risk_or_note_is_a_conflict()
    {
        Build();
        var stored = File.ReadAllText(folder.At("store/releases/2026.11.1.json"));

        Build(witness: new Witness("b"));

        Assert.Equal(stored, File.ReadAllText(folder.At("store/releases/2026.11.1.json")));
        Assert.Contains("another risk", Refused(risk: new(RiskLevel.Low, "a label")), StringComparison.Ordinal);
        Assert.Contains(
            "other notes",
            Refused(ReleaseNotes.None with { DeclaredBehaviourChanges = ["x"] }),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("sale.order.note")]
    [InlineData("sale_order.")]
    [InlineData("\"sale_order\"")]
    [InlineData("drop table sale_order")]
    public void A_declared_drop_is_a_table_or_a_column(string drop)
    {
        Assert.Contains(
            "is no table and no column",
            Refused(ReleaseNotes.None with { DeclaredDrops = [drop] }),
            StringComparison.Ordinal
        );
        Assert.Null((ReleaseNotes.None with { DeclaredDrops = ["sale_order", "sale_order.note"] }).Refusal());
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\u001b[31mred")]
    [InlineData("\0")]
    public void Notes_that_would_disturb_a_terminal_are_refused(string line)
    {
        Assert.Contains("control character", Refused(new ReleaseNotes([], line)), StringComparison.Ordinal);
        Assert.Contains("control character", Refused(new ReleaseNotes([line])), StringComparison.Ordinal);
        Assert.Contains(
            "control character",
            Refused(risk: new ReleaseRisk(RiskLevel.High, "x" + line)),
            StringComparison.Ordinal
        );
        Assert.Empty(folder.Stored());
    }

    [Fact]
    public void Notes_have_bounds_and_a_risk_has_a_reason()
    {
        Assert.Contains("longer than", Refused(new ReleaseNotes([], new string('x', 501))), StringComparison.Ordinal);
        Assert.Contains(
            "1001 lines",
            Refused(new ReleaseNotes([.. Enumerable.Repeat("a", 1001)])),
            StringComparison.Ordinal
        );
        Assert.Contains("needs a reason", Refused(risk: new ReleaseRisk(RiskLevel.Low)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_the_first_schema_is_read_and_the_next_build_records_what_it_lacks()
    {
        var digest = Build().Digest;
        Edit(
            $"store/{digest.Hex}/manifest.json",
            document =>
            {
                document["schema"] = "tidegate.bundle/1";
                foreach (var module in document["modules"]!.AsArray())
                {
                    foreach (var key in new[] { "licence", "migrations", "python" })
                    {
                        module!.AsObject().Remove(key);
                    }
                }
            }
        );
        Edit(
            "store/releases/2026.11.1.json",
            document =>
            {
                foreach (var key in new[] { "schema", "risk", "source", "python" })
                {
                    document.Remove(key);
                }

                document["notes"]!.AsObject().Remove("declaredBehaviourChanges");
            }
        );

        var old = new BundleStore(folder.At("store")).FindRelease("2026.11.1")!;

        Assert.Equal("tidegate.release/1", old.Schema);
        Assert.Equal(ReleaseRisk.Normal, old.Risk);
        Assert.Empty(old.Source);
        Assert.Null(old.Python);
        Assert.Null(old.Bundle.Find("promo")!.Migrations);

        Build();

        Assert.NotNull(new BundleStore(folder.At("store")).FindRelease("2026.11.1")!.Bundle.Find("promo")!.Migrations);
    }

    [Fact]
    public void A_store_of_a_newer_Tidegate_is_refused_with_the_file_s_name()
    {
        Build();
        Edit("store/releases/2026.11.1.json", document => document["schema"] = "tidegate.release/3");

        var refused = Assert.ThrowsAny<IOException>(() => new BundleStore(folder.At("store")).FindRelease("2026.11.1"));

        Assert.Contains("2026.11.1.json has schema tidegate.release/3", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Edit(string path, Action<JsonObject> edit)
    {
        var file = folder.At(path);
        var document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        edit(document);
        File.WriteAllText(file, document.ToJsonString());
    }

    private ReleaseManifest Build(
        ReleaseNotes? notes = null,
        ReleaseRisk? risk = null,
        IBuildWitness? witness = null
    ) => Assert.IsType<BuildResult.Built>(Try(notes, risk, witness)).Release;

    private string Refused(ReleaseNotes? notes = null, ReleaseRisk? risk = null) =>
        Assert.Single(Assert.IsType<BuildResult.Refused>(Try(notes, risk)).Reasons).Sentence;

    private BuildResult Try(ReleaseNotes? notes, ReleaseRisk? risk, IBuildWitness? witness = null) =>
        new BundleBuilder(
            new(folder.At("store")),
            TimeProvider.System,
            python: null,
            witness ?? new Witness("a")
        ).Build(
            new("2026.11.1", folder.Core, [folder.Addons], notes ?? ReleaseNotes.None)
            {
                Risk = risk ?? ReleaseRisk.Normal,
            },
            _ => { },
            TestContext.Current.CancellationToken
        );

    private sealed class Witness(string digit) : IBuildWitness
    {
        public SourceFolder Source(string role, string folder, CancellationToken cancellationToken) =>
            new(role, Path.GetFileName(folder), string.Concat(Enumerable.Repeat(digit, 40)), true, null);

        public PythonEnvironment Python(
            IReadOnlyCollection<string> distributions,
            CancellationToken cancellationToken
        ) => new("3.11.2", distributions.ToImmutableSortedDictionary(name => name, _ => (string?)"1.0"));
    }
}
