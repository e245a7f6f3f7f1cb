using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.Tests.Catalog;

public sealed class StoreTests
{
    [Fact]
    public void A_release_is_found_by_its_name_and_its_tree_is_what_was_given()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Write("addons/promo/data.xml", "<odoo/>");

        var built = folder.Built();

        var found = folder.Store.FindRelease("2026.11.1");
        Assert.Equal(Json(built), Json(found!));
        Assert.Equal("2026.11.1", Assert.Single(folder.Store.List()).Name);
        var tree = folder.Store.TreeOf(built.Digest);
        Assert.Equal("<odoo/>", File.ReadAllText(Path.Join(tree, "addons/promo/data.xml")));
        Assert.True(File.Exists(Path.Join(tree, "core/odoo/release.py")));
    }

    [Fact]
    public void The_manifest_of_a_small_release_reads_like_this()
    {
        using var folder = new CatalogFolder().WithShop();
        File.CreateSymbolicLink(folder.At("core/fonts"), "/usr/share/fonts");

        var manifest = folder.Built().Bundle;

        Assert.Equal(Golden, Json(manifest).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Whoever_runs_a_release_may_read_it_but_only_its_owner_may_write()
    {
        using var folder = new CatalogFolder().WithShop();
        File.SetUnixFileMode(
            folder.Write("addons/promo/run.sh", "#!/bin/sh"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute
        );

        var tree = folder.Store.TreeOf(folder.Built().Digest);

        Assert.Equal("755", Mode(Path.Join(tree, "addons/promo/run.sh")));
        Assert.Equal("644", Mode(Path.Join(tree, "addons/promo/__init__.py")));
        Assert.Equal("755", Mode(Path.Join(tree, "addons/promo")));
    }

    [Fact]
    public void A_file_has_the_same_modification_time_in_every_release_and_another_once_its_content_changes()
    {
        using var folder = new CatalogFolder().WithShop();
        var script = folder.Write("addons/promo/static/src/promo.js", "one");
        var first = folder.Store.TreeOf(folder.Built("1").Digest);
        folder.Write("addons/promo/data.xml", "<odoo/>");
        var second = folder.Store.TreeOf(folder.Built("2").Digest);
        File.WriteAllText(script, "two");
        var third = folder.Store.TreeOf(folder.Built("3").Digest);

        var times = new[] { first, second, third }
            .Select(tree => File.GetLastWriteTimeUtc(Path.Join(tree, "addons/promo/static/src/promo.js")))
            .ToArray();

        Assert.Equal(times[0], times[1]);
        Assert.NotEqual(times[1], times[2]);
    }

    [Fact]
    public void Building_again_stores_nothing_new_and_a_name_keeps_its_digest_for_ever()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Built();
        var stored = folder.Stored();

        Assert.True(Assert.IsType<BuildResult.Built>(folder.Build()).WasThere);
        Assert.Equal(stored, folder.Stored(), StringComparer.Ordinal);

        folder.Write("addons/promo/data.xml", "<odoo/>");
        var refusal = folder.Refused();
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Contains("choose another name", refusal.Sentence, StringComparison.Ordinal);
        Assert.Equal(stored.Where(IsNoIndex), folder.Stored().Where(IsNoIndex), StringComparer.Ordinal);
    }

    [Fact]
    public void Notes_belong_to_the_name_and_not_to_the_digest()
    {
        using var folder = new CatalogFolder().WithShop();
        var plain = folder.Built("plain");

        var noted = Assert.IsType<BuildResult.Built>(folder.Build("noted", new ReleaseNotes(["SKU-1"])));

        Assert.Equal(plain.Digest, noted.Release.Digest);
        Assert.Equal("SKU-1", Assert.Single(folder.Store.FindRelease("noted")!.Notes.DeclaredPriceChanges));
        Assert.IsType<BuildResult.Refused>(folder.Build("noted", new ReleaseNotes(["SKU-2"])));
    }

    [Fact]
    public void Equal_files_of_two_releases_are_one_file_on_disk()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Write("addons/promo/large.csv", new('x', 100_000));
        var first = folder.Store.TreeOf(folder.Built("1").Digest);
        folder.Write("addons/promo/data.xml", "<odoo/>");

        var second = folder.Store.TreeOf(folder.Built("2").Digest);

        // What is written through one name would be seen through the other.
        using (var file = File.OpenWrite(Path.Join(first, "addons/promo/large.csv")))
        {
            file.WriteByte((byte)'y');
        }

        Assert.StartsWith(
            "yx",
            File.ReadAllText(Path.Join(second, "addons/promo/large.csv")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Builds_of_one_bundle_at_the_same_time_all_succeed_and_leave_one()
    {
        using var folder = new CatalogFolder().WithShop();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(number => Task.Run(() => folder.Build($"r{number}"), TestContext.Current.CancellationToken))
        );

        var releases = results.Select(result => Assert.IsType<BuildResult.Built>(result).Release).ToArray();
        Assert.Single(releases.Select(release => release.Digest).Distinct());
        Assert.Equal(6, folder.Store.List().Length);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.At("store/tmp")));
    }

    [Fact]
    public void What_a_killed_build_left_is_removed_by_the_next()
    {
        using var folder = new CatalogFolder().WithShop();
        folder.Write("store/tmp/dead.lock", "");
        folder.Write("store/tmp/dead/tree/core/file", "half");

        folder.Built();

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.At("store/tmp")));
    }

    private static bool IsNoIndex(string path) => !path.StartsWith("index/", StringComparison.Ordinal);

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, CatalogJson.Options);

    private const string Golden = """
        {
          "schema": "tidegate.bundle/2",
          "digest": "sha256:92a9cd5e6a2d0609389c121576808f7c1a715af714890b1d23229419c3262609",
          "odoo": {
            "series": "19.0",
            "version": "19.0",
            "pythonPath": "core",
            "executable": null,
            "addonsPaths": [
              "core/odoo/addons",
              "core/addons",
              "addons"
            ]
          },
          "files": 7,
          "bytes": 279,
          "modules": [
            {
              "name": "base",
              "path": "core/odoo/addons/base",
              "version": "19.0.1.3",
              "depends": [],
              "autoInstall": null,
              "installable": true,
              "checksum": "507899a537b3cf5888e6501c90fe3c1a95d83d76",
              "licence": null,
              "migrations": [],
              "python": []
            },
            {
              "name": "promo",
              "path": "addons/promo",
              "version": "19.0.1.1.0",
              "depends": [
                "sale"
              ],
              "autoInstall": [
                "sale"
              ],
              "installable": true,
              "checksum": "c4bab442aa7db9cf330bd81657c79784ae8553ef",
              "licence": null,
              "migrations": [],
              "python": []
            },
            {
              "name": "sale",
              "path": "core/addons/sale",
              "version": "19.0.1.2",
              "depends": [
                "base"
              ],
              "autoInstall": null,
              "installable": true,
              "checksum": "882c2b7b4e7f2a0206386184860a538778773766",
              "licence": null,
              "migrations": [],
              "python": []
            }
          ],
          "external": {
            "core/fonts": "/usr/share/fonts"
          }
        }
        """;
}
