using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.Tests.Catalog;

/// <summary>What no folder can show: owners, rights, times of a bundle, other series of Odoo.</summary>
public sealed class StaticGateTests
{
    [Theory]
    [InlineData("acme", false)]
    [InlineData("other", true)]
    public void A_proprietary_addon_is_offered_to_nobody_but_its_owner(string poolOwner, bool isRefused)
    {
        var release = Release(Module("promo", "{'license': 'OPL-1'}"), Module("free", "{'license': 'LGPL-3'}"));
        var offer = new ModuleOffer(poolOwner, ImmutableDictionary<string, string>.Empty.Add("promo", "acme"));

        var findings = StaticGates.Judge(new(release, null, offer));

        Assert.Equal(
            isRefused ? ["promo"] : [],
            findings.Where(found => found.Code == "licence-not-yours").Select(found => found.Module)
        );
    }

    [Fact]
    public void A_proprietary_addon_of_nobody_is_offered_to_nobody()
    {
        var release = Release(Module("promo", "{'license': 'OPL-1'}"));

        var findings = StaticGates.Judge(new(release, null, new("acme", ImmutableDictionary<string, string>.Empty)));

        Assert.Contains(findings, found => found.Code == "licence-not-yours");
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_an_error()
    {
        var module = Module("promo", "{'license': 'LGPL-3'}");
        var facts = module.Facts with { Problems = [new("file-unreadable", "models.py", 1, "Permission denied")] };

        var finding = Assert.Single(StaticGates.Judge(new(Release(module with { Facts = facts }), null)));

        Assert.Equal(("file-unreadable", Severity.Error), (finding.Code, finding.Severity));
    }

    [Fact]
    public void A_touched_file_of_a_bundle_is_an_error_and_one_of_a_folder_is_not()
    {
        var module = Module("promo", "{'license': 'LGPL-3'}") with
        {
            Files = [new("static/a.js", "00", DateTime.UnixEpoch.AddHours(1), DateTime.UnixEpoch)],
        };

        Assert.Empty(StaticGates.Judge(new(Release(module), null)));
        Assert.Equal(
            "mtime-not-normalised",
            Assert.Single(StaticGates.Judge(new(Release(module) with { IsBundle = true }, null))).Code
        );
    }

    [Theory]
    [InlineData("16.0", "1.0.1", "migration-directory-ignored")] // compared as a whole version, below every installed one
    [InlineData("16.0", "16.0.1.0.1", null)]
    [InlineData("16.0", "1.1", null)]
    [InlineData("17.0", "1.0.1", null)]
    [InlineData("19.0", "1.0.1", null)]
    [InlineData("19.0", "1", "migration-directory-ignored")]
    [InlineData("19.0", "20.0.1.0.0", "migration-directory-ignored")]
    [InlineData("19.0", "18.0.1.0.0", null)]
    [InlineData("19.0", "19.0.1.0.0.1", "migration-directory-ignored")]
    [InlineData("19.0", "0.0.0", null)]
    [InlineData("19.0", "1.9", "migration-never-runs")]
    public void Each_series_has_its_own_names_for_folders_of_scripts(string series, string folder, string? code)
    {
        var release = Release(series, Scripted($"migrations/{folder}/pre-x.py", "cr", "version"));

        Assert.Equal(code is null ? [] : [code], StaticGates.Judge(new(release, null)).Select(found => found.Code));
    }

    [Theory]
    [InlineData("17.0", null, "cr", "anything")]
    [InlineData("17.0", "migration-signature", "cr")]
    [InlineData("18.0", "migration-signature", "cr", "anything")]
    [InlineData("19.0", null, "_cr", "_version=")]
    [InlineData("19.0", "migration-signature", "cr", "*.version")]
    [InlineData("19.0", "migration-signature", "cr", "version", "more=")]
    public void From_18_on_the_names_of_the_parameters_count(string series, string? code, params string[] parameters)
    {
        var release = Release(series, Scripted("migrations/0.0.0/pre-x.py", parameters));

        Assert.Equal(code is null ? [] : [code], StaticGates.Judge(new(release, null)).Select(found => found.Code));
    }

    private static ModuleView Scripted(string file, params string[] parameters)
    {
        var module = Module("promo", "{'license': 'LGPL-3'}");
        return module with { Facts = module.Facts with { Migrations = [new(file, "function", [], [.. parameters])] } };
    }

    private static ModuleView Module(string name, string manifest)
    {
        var map = (PythonValue.Map)((PythonLiteral.Read)PythonLiteral.Parse(manifest)).Root.Value;
        return new(
            new(name, $"addons/{name}", "19.0.1.1.0", [], null, true, ""),
            $"/addons/{name}",
            IsAddon: true,
            new(map.Entries),
            ModuleFacts.Unread(name, "") with
            {
                Problems = [],
            },
            []
        );
    }

    private static ReleaseFacts Release(params ModuleView[] modules) => Release("19.0", modules);

    private static ReleaseFacts Release(string series, params ModuleView[] modules) =>
        new(
            new OdooCore(series, series, "core", null, []),
            modules.ToImmutableSortedDictionary(
                module => module.Name,
                module => module with { Module = module.Module with { Version = $"{series}.1.1.0" } },
                StringComparer.Ordinal
            ),
            [],
            IsBundle: false,
            MissingPython.Nothing
        );
}
