using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.Drivers.Catalog;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>A small Odoo and addons on disk, validated with the real inspector; gone afterwards.</summary>
internal sealed class GateFolder : IDisposable
{
    private const string Base = """
        from odoo import fields, models


        class View(models.Model):
            _name = 'ir.ui.view'
            name = fields.Char()
            model = fields.Char()
            arch = fields.Text()
            inherit_id = fields.Many2one('ir.ui.view')


        class Rule(models.Model):
            _name = 'ir.rule'
            name = fields.Char()
            model_id = fields.Many2one('ir.model')
            domain_force = fields.Text()


        class Model(models.Model):
            _name = 'ir.model'
            model = fields.Char()


        class Partner(models.Model):
            _name = 'res.partner'
            name = fields.Char(required=True)
            parent_id = fields.Many2one('res.partner')
            child_ids = fields.One2many('res.partner', 'parent_id')
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-gates-");

    public GateFolder()
    {
        Write("core/odoo/release.py", "version_info = (19, 0, 0, 'final', 0, '')\n");
        Write("core/odoo/addons/base/__manifest__.py", "{'name': 'Base', 'license': 'LGPL-3', 'data': ['data.xml']}");
        Write("core/odoo/addons/base/__init__.py", "from . import models\n");
        Write("core/odoo/addons/base/models.py", Base);
        Write("core/odoo/addons/base/data.xml", "<odoo><record id='main_partner' model='res.partner'/></odoo>");
        Write("core/addons/sale/__manifest__.py", "{'name': 'Sale', 'license': 'LGPL-3', 'data': ['data.xml']}");
        Write("core/addons/sale/__init__.py", "");
        Write("core/addons/sale/data.xml", "<odoo><record id='customer' model='res.partner'/></odoo>");
        Write("core/addons/sale_shop/__manifest__.py", "{'name': 'Shop', 'license': 'OPL-1'}");
        Write("core/addons/sale_shop/__init__.py", "");
        Directory.CreateDirectory(At("addons"));
    }

    public string At(string path) => Path.Join(folder.FullName, path);

    public string Write(string path, string content)
    {
        var file = At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    /// <param name="into"><c>addons</c>, or another folder for the release before.</param>
    public void Module(string into, string name, ModuleText text)
    {
        foreach (var (path, content) in GateSample.Whole(text, name))
        {
            Write($"{into}/{name}/{path}", content);
        }
    }

    public Task<Validation> ValidateAsync(string? before = null) =>
        new ReleaseValidator(
            new ReleaseFactsReader(new ModuleInspector(), At("cache"), TimeProvider.System)
        ).ValidateAsync(
            new(At("core"), [At("addons")]),
            before is null ? null : new(At("core"), [At(before)]),
            _ => { },
            TestContext.Current.CancellationToken
        );

    /// <summary>The findings of one module.</summary>
    public static ImmutableArray<Finding> Of(Validation validation, string module) =>
        [.. validation.Findings.Where(finding => finding.Module == module)];

    public void Dispose() => folder.Delete(recursive: true);
}
