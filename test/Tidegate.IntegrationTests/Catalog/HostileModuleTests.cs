using System.Diagnostics;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>Modules made to bring whoever reads them down: each is a finding, and its neighbour is judged all the same.</summary>
public sealed class HostileModuleTests : IDisposable
{
    private const long BoundedMegabytes = 600;

    private readonly GateFolder folder = new();

    public HostileModuleTests() => folder.Module("addons", "neighbour", new() { ["__init__.py"] = "def broken(:\n" });

    public static TheoryData<string, string, string, string> Texts =>
        new()
        {
            { "brackets.py", $"x = {new string('(', 100_000)}", "python-syntax", "too many nested" },
            { "minus.py", $"x = {new string('-', 1_000_000)}1", "file-too-deep", "nested too deeply" },
            {
                "dots.py",
                $"x = a{string.Concat(Enumerable.Repeat(".a", 200_000))}",
                "file-too-deep",
                "nested too deeply"
            },
            {
                "plus.py",
                $"x = 1{string.Concat(Enumerable.Repeat("+1", 200_000))}",
                "file-too-deep",
                "nested too deeply"
            },
            { "zero.py", "x = 1\0\n", "python-syntax", "null" },
            { "cookie.py", "# coding: no-such-code\n", "python-syntax", "no-such-code" },
            { "data.xml", Bomb(), "xml-entity", "entity" },
            {
                "data.xml",
                "<!DOCTYPE odoo SYSTEM \"file:///etc/passwd\" [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><odoo>&x;</odoo>",
                "xml-entity",
                "entity"
            },
            { "data.xml", string.Concat(Enumerable.Repeat("<odoo>", 500_000)), "file-too-deep", "deep" },
            { "data.xml", "<?xml version=\"1.0\" encoding=\"klingon\"?><odoo/>", "xml-malformed", "encoding" },
            { "res.partner.csv", $"id,name\na,\"{new string('x', 200_000)}", "csv-malformed", "end of data" },
            { "res.partner.csv", string.Join(',', Enumerable.Range(0, 5000)), "csv-malformed", "5000 columns" },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_hostile_text_is_one_finding(string file, string text, string code, string what)
    {
        folder.Module(
            "addons",
            "hostile",
            new()
            {
                ["__manifest__.py"] = GateSample.With(file.EndsWith(".py", StringComparison.Ordinal) ? [] : [file]),
                [file] = text,
            }
        );

        var before = Megabytes();
        var validation = await folder.ValidateAsync();

        var finding = Assert.Single(GateFolder.Of(validation, "hostile"), found => found.Code == code);
        Assert.Equal(file, finding.File);
        Assert.Contains(what, finding.What, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(GateFolder.Of(validation, "neighbour"), found => found.Code == "python-syntax");
        // What other tests of this process took before is none of it.
        var grown = Megabytes() - before;
        Assert.True(grown < BoundedMegabytes, $"{grown} MB");
    }

    [Fact]
    public async Task A_file_of_gigabytes_is_named_and_not_read()
    {
        folder.Module("addons", "hostile", new() { ["__manifest__.py"] = GateSample.With("data.xml") });
        using (var file = new FileStream(folder.At("addons/hostile/data.xml"), FileMode.Create))
        {
            file.SetLength(200 << 20); // sparse: it takes no room
        }

        Assert.Contains(
            GateFolder.Of(await folder.ValidateAsync(), "hostile"),
            found => found.Code == "file-too-large"
        );
    }

    [Fact]
    public async Task Letters_that_are_not_UTF_8_are_named_with_their_line()
    {
        folder.Module("addons", "hostile", new() { ["__manifest__.py"] = GateSample.With("res.partner.csv") });
        await File.WriteAllBytesAsync(
            folder.At("addons/hostile/res.partner.csv"),
            [.. "id,name\na,caf"u8, 0xe9, (byte)'\n'],
            TestContext.Current.CancellationToken
        );

        var finding = Assert.Single(GateFolder.Of(await folder.ValidateAsync(), "hostile"));

        Assert.Equal(("file-not-utf8", 2), (finding.Code, finding.Line));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../../../../../../etc/passwd")]
    public async Task A_link_out_of_the_tree_is_named_and_not_followed(string target)
    {
        folder.Module("addons", "hostile", new() { ["__manifest__.py"] = GateSample.With("data.xml") });
        File.CreateSymbolicLink(folder.At("addons/hostile/data.xml"), target);

        var validation = await folder.ValidateAsync();

        Assert.Contains(
            validation.Findings,
            found => found.Code == "tree-unfit" && found.What.Contains(target, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(validation.Findings, found => found.Code == "xml-malformed");
    }

    [Fact]
    public async Task A_name_with_a_line_end_is_named_in_one_line()
    {
        folder.Module("addons", "hostile", new() { ["models\nmore.py"] = "import os\n" });

        var finding = Assert.Single((await folder.ValidateAsync()).Findings, found => found.Code == "tree-unfit");

        Assert.DoesNotContain('\n', finding.What);
    }

    [Fact]
    public async Task Code_in_a_module_is_never_run()
    {
        var mark = folder.At("ran");
        var code = $"open({System.Text.Json.JsonSerializer.Serialize(mark)}, 'w')\n";
        folder.Module(
            "addons",
            "hostile",
            new()
            {
                ["__init__.py"] = code,
                ["json.py"] = code,
                ["migrations/1.0/pre-x.py"] = code,
            }
        );

        await folder.ValidateAsync();

        Assert.False(File.Exists(mark));
    }

    public void Dispose() => folder.Dispose();

    private static string Bomb() =>
        "<!DOCTYPE odoo [<!ENTITY a0 \"ha\">"
        + string.Concat(Enumerable.Range(1, 30).Select(i => $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">"))
        + "]><odoo>&a30;</odoo>";

    private static long Megabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 >> 20;
    }
}
