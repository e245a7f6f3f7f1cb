namespace Tidegate.Bench.Validate;

/// <summary>An addon of the size that shops have: a few models, views that extend Odoo's, a migration, access rights.</summary>
internal static class BenchAddon
{
    private const int Models = 5;

    /// <param name="help">A text in the first model; another one makes it another addon.</param>
    public static void Write(string addons, int number, string help)
    {
        var name = FormattableString.Invariant($"bench_{number:00}");
        var folder = Path.Join(addons, name);
        Directory.CreateDirectory(Path.Join(folder, "models"));
        Directory.CreateDirectory(Path.Join(folder, "views"));
        Directory.CreateDirectory(Path.Join(folder, "security"));
        Directory.CreateDirectory(Path.Join(folder, "migrations", "19.0.1.1.0"));
        Put(
            "__manifest__.py",
            $"{{'name': '{name}', 'version': '19.0.1.1.0', 'license': 'LGPL-3', 'depends': ['sale_stock'],\n 'data': ['security/ir.model.access.csv', 'views/views.xml']}}\n"
        );
        Put("__init__.py", "from . import models\n");
        Put(
            "models/__init__.py",
            string.Concat(Enumerable.Range(0, Models).Select(model => $"from . import model_{model}\n"))
        );
        Put("migrations/19.0.1.1.0/post-fill.py", "def migrate(cr, version):\n    cr.execute('select 1')\n");
        Put(
            "security/ir.model.access.csv",
            "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
                + string.Concat(
                    Enumerable
                        .Range(0, Models)
                        .Select(model => $"access_{model},access,model_{name}_{model},base.group_user,1,1,1,1\n")
                )
        );
        Put(
            "views/views.xml",
            $"<odoo>{string.Concat(Enumerable.Range(0, Models).Select(model => View(name, model)))}</odoo>\n"
        );
        for (var model = 0; model < Models; model++)
        {
            Put($"models/model_{model}.py", Model(name, model, model == 0 ? help : "a field"));
        }

        void Put(string path, string content) => File.WriteAllText(Path.Join(folder, path), content);
    }

    private static string Model(string name, int model, string help) =>
        $"from odoo import api, fields, models\n\n\nclass Bench(models.Model):\n    _name = '{name}.{model}'\n    _description = 'Bench'\n\n    partner_id = fields.Many2one('res.partner')\n"
        + string.Concat(
            Enumerable
                .Range(0, 20)
                .Select(field =>
                    $"    field_{field} = fields.Char(help='{help}', compute='_compute_{field}', store=True)\n\n    @api.depends('partner_id.name')\n    def _compute_{field}(self):\n        for record in self:\n            record.field_{field} = record.partner_id.name\n\n"
                )
        );

    private static string View(string name, int model) =>
        $"<record id='view_{model}' model='ir.ui.view'><field name='name'>v</field><field name='model'>{name}.{model}</field><field name='arch' type='xml'><form>"
        + string.Concat(
            Enumerable.Range(0, 20).Select(field => $"<field name='field_{field}' invisible='not partner_id'/>")
        )
        + "<field name='partner_id'/></form></field></record>\n";
}
