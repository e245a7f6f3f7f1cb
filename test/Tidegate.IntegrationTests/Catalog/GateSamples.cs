using static Tidegate.IntegrationTests.Catalog.GateSample;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>A failing and a passing sample of every rule that files of a module can break.</summary>
internal static class GateSamples
{
    private const string Note =
        "from odoo import fields, models\n\n\nclass Note(models.Model):\n    _name = 'SELF.note'\n    _description = 'Note'\n\n    text = fields.Char()\n";
    private const string NoteWithNumber = Note + "    number = fields.Integer()\n";

    private const string Migrate = "def migrate(cr, version):\n    cr.execute('select 1')\n";

    public static IReadOnlyList<GateSample> All { get; } =
    [
        Manifests("manifest-unreadable", "{'name': 'SELF', 'depends': get()}", "{'name': 'SELF', 'license': 'LGPL-3'}"),
        Manifests("version-illegal", "{'version': '1.x'}", "{'version': '1.2', 'license': 'LGPL-3'}"),
        Manifests(
            "version-other-series",
            "{'version': '17.0.1.0.0'}",
            "{'version': '19.0.1.0.0', 'license': 'LGPL-3'}"
        ),
        Manifests(
            "auto-install-trigger",
            "{'auto_install': ['sale']}",
            "{'depends': ['sale'], 'auto_install': ['sale'], 'license': 'LGPL-3'}"
        ),
        Manifests("dependency-missing", "{'depends': ['nowhere']}", "{'depends': ['sale'], 'license': 'LGPL-3'}"),
        Manifests("dependency-cycle", "{'depends': ['SELF']}", "{'depends': ['sale'], 'license': 'LGPL-3'}"),
        Manifests("manifest-key-unknown", "{'dependz': ['sale'], 'license': 'LGPL-3'}", With()),
        Manifests("manifest-value-type", "{'data': 'views.xml', 'license': 'LGPL-3'}", With()),
        new("manifest-hook-missing")
        {
            Bad = new() { ["__manifest__.py"] = "{'license': 'LGPL-3', 'post_init_hook': 'fill'}" },
            Good = new()
            {
                ["__manifest__.py"] = "{'license': 'LGPL-3', 'post_init_hook': 'fill'}",
                ["__init__.py"] = "def fill(env):\n    pass\n",
            },
        },
        new("version-not-raised")
        {
            Before = new() { ["__manifest__.py"] = With("data.xml"), ["data.xml"] = "<odoo/>" },
            Bad = new() { ["__manifest__.py"] = With("data.xml"), ["data.xml"] = "<odoo><!-- more --></odoo>" },
            Good = new()
            {
                ["__manifest__.py"] = With("19.0.1.1.0", ["data.xml"]),
                ["data.xml"] = "<odoo><!-- more --></odoo>",
            },
        },
        new("version-lowered")
        {
            Before = new() { ["__manifest__.py"] = With("19.0.1.2.0", []) },
            Bad = new() { ["__manifest__.py"] = With("19.0.1.1.0", []) },
            Good = new() { ["__manifest__.py"] = With("19.0.1.10.0", []) },
        },
        Manifests(
            "auto-install-surprise",
            "{'depends': ['sale'], 'auto_install': True, 'license': 'LGPL-3'}",
            "{'depends': ['sale'], 'license': 'LGPL-3'}"
        ),
        Manifests(
            "python-dependency-missing",
            "{'external_dependencies': {'python': ['no-such-package-of-ours']}, 'license': 'LGPL-3'}",
            "{'external_dependencies': {'python': ['json']}, 'license': 'LGPL-3'}"
        ),
        Code(
            "import-missing",
            "import no_such_package_of_ours\n",
            "try:\n    import no_such_package_of_ours\nexcept ImportError:\n    pass\n"
        ),
        Code(
            "import-addon-undeclared",
            "from odoo.addons.sale import models\n",
            "from odoo.addons.base import models\n"
        ),
        Code("import-local-missing", "from . import models\n", "import json\n"),
        new("python-not-imported")
        {
            Bad = new() { ["models.py"] = Note },
            Good = new() { ["models.py"] = Note, ["__init__.py"] = "from . import models\n" },
        },
        Script(
            "migration-directory-ignored",
            "migrations/v1.0/pre-x.py",
            "migrations/19.0.1.0.0/pre-x.py",
            Migrate,
            Migrate
        ),
        Script("migration-never-runs", "migrations/19.0.2.0.0/pre-x.py", "migrations/1.0/pre-x.py", Migrate, Migrate),
        Script(
            "migration-file-ignored",
            "migrations/19.0.1.0.0/pre_x.py",
            "upgrades/19.0.1.0.0/end-x.py",
            Migrate,
            Migrate
        ),
        Script(
            "migration-no-migrate",
            "migrations/1.0.0/post-x.py",
            "migrations/1.0.0/post-x.py",
            "def run(cr, version):\n    pass\n",
            Migrate
        ),
        Script(
            "migration-signature",
            "migrations/0.0.0/post-x.py",
            "migrations/0.0.0/post-x.py",
            "def migrate(cr):\n    pass\n",
            "def migrate(_cr, version=None):\n    pass\n"
        ),
        Manifests("data-file-missing", With("views/views.xml"), With()),
        Code("python-syntax", "def open(:\n", "def open():\n    return 1\n"),
        Data("xml-malformed", "<odoo><record></odoo>", "<odoo/>"),
        Data("xml-entity", "<!DOCTYPE odoo [<!ENTITY a \"b\">]><odoo>&a;</odoo>", "<odoo>&amp;</odoo>"),
        Data("xml-no-data", "<records/>", "<odoo/>"),
        new("csv-malformed")
        {
            Bad = new() { ["__manifest__.py"] = With("res.partner.csv"), ["res.partner.csv"] = "id,name\na,\"b\"c\n" },
            Good = new()
            {
                ["__manifest__.py"] = With("res.partner.csv"),
                ["res.partner.csv"] = "id,name\na,\"b, c\"\n",
            },
        },
        Data(
            "file-too-deep",
            $"<odoo>{string.Concat(Enumerable.Repeat("<a>", 300))}</odoo>",
            "<odoo><data><data/></data></odoo>"
        ),
        Data(
            "external-id-unknown",
            "<odoo><record id='a' model='res.partner'><field name='parent_id' ref='nobody'/></record></odoo>",
            "<odoo><record id='a' model='res.partner'><field name='parent_id' ref='base.main_partner'/></record></odoo>"
        ),
        Data(
            "external-id-undeclared",
            "<odoo><record id='a' model='res.partner'><field name='parent_id' ref='sale.customer'/></record></odoo>",
            "<odoo><record id='a' model='res.partner'><field name='parent_id' eval=\"ref('base.main_partner')\"/></record></odoo>"
        ),
        Data(
            "field-unknown",
            View("res.partner", "<form><field name='nickname'/></form>"),
            View("res.partner", "<form><field name='name'/></form>")
        ),
        Data(
            "model-unknown",
            "<odoo><record id='a' model='res.ghost'/></odoo>",
            "<odoo><record id='a' model='res.partner'/></odoo>"
        ),
        Model("required-field-unfilled", "fields.Integer(required=True)", "fields.Integer(required=True, default=1)"),
        new("field-retyped")
        {
            Before = Models(NoteWithNumber),
            Bad = Models(NoteWithNumber.Replace("Integer", "Date", StringComparison.Ordinal), "19.0.1.1.0"),
            Good = new ModuleText
            {
                ["models.py"] = NoteWithNumber.Replace("Integer", "Date", StringComparison.Ordinal),
                ["__init__.py"] = "from . import models\n",
                ["__manifest__.py"] = With("19.0.1.1.0", []),
                ["migrations/19.0.1.1.0/pre-number.py"] =
                    "def migrate(cr, version):\n    cr.execute('alter table note rename number to old')\n",
            },
        },
        new("secret-in-tree")
        {
            Bad = new() { ["tools/key.pem"] = $"-----BEGIN RSA PRIVATE KEY-----\n{new string('A', 64)}\n" },
            Good = new() { ["tools/key.pem"] = $"-----BEGIN PUBLIC KEY-----\n{new string('A', 64)}\n" },
        },
        new("neutralize-missing")
        {
            Bad = Models(Note + "    ftp_password = fields.Char()\n"),
            Good = new ModuleText
            {
                ["models.py"] = Note + "    ftp_password = fields.Char()\n",
                ["__init__.py"] = "from . import models\n",
                ["data/neutralize.sql"] = "update note set ftp_password = null;\n",
            },
        },
        Manifests("licence-missing", "{'name': 'SELF'}", With()),
        Manifests("licence-unknown", "{'license': 'LGPL'}", With()),
        Manifests(
            "licence-conflict",
            "{'license': 'AGPL-3', 'depends': ['sale_shop']}",
            "{'license': 'LGPL-3', 'depends': ['sale_shop']}"
        ),
    ];

    private static GateSample Manifests(string code, string bad, string good) =>
        new(code)
        {
            Bad = new() { ["__manifest__.py"] = bad },
            Good = new() { ["__manifest__.py"] = good },
        };

    private static GateSample Code(string code, string bad, string good) =>
        new(code)
        {
            Bad = new() { ["__init__.py"] = bad },
            Good = new() { ["__init__.py"] = good },
        };

    private static GateSample Data(string code, string bad, string good) =>
        new(code)
        {
            Bad = new() { ["__manifest__.py"] = With("data.xml"), ["data.xml"] = bad },
            Good = new() { ["__manifest__.py"] = With("data.xml"), ["data.xml"] = good },
        };

    private static GateSample Script(string code, string badPath, string goodPath, string bad, string good) =>
        new(code)
        {
            Bad = new() { [badPath] = bad },
            Good = new() { [goodPath] = good },
        };

    private static GateSample Model(string code, string bad, string good) =>
        new(code)
        {
            Before = Models(Note),
            Bad = Models($"{Note}    level = {bad}\n", "19.0.1.1.0"),
            Good = Models($"{Note}    level = {good}\n", "19.0.1.1.0"),
        };

    private static ModuleText Models(string models, string version = "19.0.1.0.0") =>
        new()
        {
            ["models.py"] = models,
            ["__init__.py"] = "from . import models\n",
            ["__manifest__.py"] = With(version, []),
        };

    private static string View(string model, string arch) =>
        $"<odoo><record id='a' model='ir.ui.view'><field name='name'>a</field><field name='model'>{model}</field><field name='arch' type='xml'>{arch}</field></record></odoo>";
}
