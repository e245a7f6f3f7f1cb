using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.OdooTests.Catalog;

/// <summary>The faults that a static gate can see, each put into a real module.</summary>
internal static class Mutations
{
    private const string Migrate = "def migrate(cr, version):\n    pass\n";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(
            "F05 a script without migrate",
            "migration-no-migrate",
            draw =>
                Versioned(
                    draw,
                    () => draw.Script($"migrations/{draw.Raised()}/post-x.py", "def migrat(cr, version):\n    pass\n")
                )
        ),
        new(
            "F05 migrate that takes one argument",
            "migration-signature",
            draw =>
                Versioned(
                    draw,
                    () => draw.Script($"migrations/{draw.Raised()}/pre-x.py", "def migrate(cr):\n    pass\n")
                )
        ),
        new(
            "F06 a folder that is no version",
            "migration-directory-ignored",
            draw => Versioned(draw, () => draw.Script($"migrations/v{draw.Raised()}/pre-x.py", Migrate))
        ),
        new(
            "F06 a folder of a later series",
            "migration-directory-ignored",
            draw => Versioned(draw, () => draw.Script("migrations/20.0.1.0/pre-x.py", Migrate))
        ),
        new(
            "F06 a folder called migration",
            "migration-directory-ignored",
            draw => Versioned(draw, () => draw.Script($"migration/{draw.Raised()}/pre-x.py", Migrate))
        ),
        new(
            "a script of a version that is never reached",
            "migration-never-runs",
            draw => Versioned(draw, () => draw.Script($"migrations/{draw.Raised()}9/post-x.py", Migrate))
        ),
        new(
            "a script of a version that is passed already",
            "migration-never-runs",
            draw => Versioned(draw, () => draw.Script($"migrations/{draw.Module.Module.Version}/post-x.py", Migrate))
        ),
        new(
            "pre_ in place of pre-",
            "migration-file-ignored",
            draw => Versioned(draw, () => draw.Script($"migrations/{draw.Raised()}/pre_x.py", Migrate))
        ),
        new(
            "F07 a misspelt dependency",
            "dependency-missing",
            draw =>
                // Of one that auto_install names, Odoo misses the trigger first, and so do we.
                draw.Any(
                    draw.Module.Manifest.Texts("depends")
                        .ExceptBy(
                            draw.Module.Manifest.Texts("auto_install").Select(text => text.Value),
                            text => text.Value
                        )
                )
                    is { } needed
                && draw.ReplaceInLine(Draw.Manifest, needed.Line, $"'{needed.Value}'", $"'{needed.Value}_gone'")
                    ? needed.Value
                    : null
        ),
        new("a circle of dependencies", "dependency-cycle", Cycle),
        new(
            "F08 a trigger that is no dependency",
            "auto-install-trigger",
            draw => Insert(draw, "'auto_install': ['salle'],")
        ),
        new("an addon of another series", "version-other-series", draw => Version(draw, "17.0.1.0.0")),
        new("a version with a letter", "version-illegal", draw => Version(draw, "1.x")),
        new("a version that is lower", "version-lowered", draw => Version(draw, "19.0.0.0.1")),
        new(
            "a manifest that calls something",
            "manifest-unreadable",
            draw => Insert(draw, "'summary': open('x').read(),")
        ),
        new("a misspelt key", "manifest-key-unknown", draw => Insert(draw, "'dependz': [],")),
        new("a list that is a text", "manifest-value-type", draw => Insert(draw, "'demo': 'demo.xml',")),
        new(
            "a hook that is not there",
            "manifest-hook-missing",
            draw => Insert(draw, "'post_init_hook': '_no_such_hook',")
        ),
        new("a licence that Odoo does not know", "licence-unknown", draw => Insert(draw, "'license': 'LGPL',")),
        new(
            "F40 a package that is not there",
            "python-dependency-missing",
            draw => Insert(draw, "'external_dependencies': {'python': ['no_such_package_of_ours']},")
        ),
        new(
            "F40 an import of what is not there",
            "import-missing",
            draw => Loaded(draw) is { } file ? Prepend(draw, file, "import no_such_package_of_ours\n") : null
        ),
        new(
            "data that changed without a version",
            "version-not-raised",
            draw => draw.Any(draw.DataFiles(".xml")) is { } file ? Append(draw, file, "<!-- changed -->\n") : null
        ),
        new(
            "a data file that was left out",
            "data-file-missing",
            draw => draw.Any(draw.DataFiles(".xml")) is { } file ? Delete(draw, file) : null
        ),
        new(
            "an element that is not closed",
            "xml-malformed",
            draw =>
                draw.Any(draw.DataFiles(".xml")) is { } file && draw.Replace(file, "</record>|</template>", "")
                    ? file
                    : null
        ),
        new(
            "a letter of another encoding",
            "xml-malformed",
            draw =>
                draw.Any(draw.DataFiles(".xml")) is { } file && draw.Replace(file, "</(record|template)>", "& </$1>")
                    ? file
                    : null
        ),
        new(
            "a misspelt reference",
            "external-id-unknown",
            draw =>
                draw.Any(draw.DataFiles(".xml")) is { } file
                && draw.Replace(file, @"(<field[^>]*\sref="")([\w.]+)("")", "$1$2_gone$3")
                    ? file
                    : null
        ),
        new(
            "a model that nobody makes",
            "model-unknown",
            draw =>
                draw.Any(draw.DataFiles(".xml")) is { } file
                && draw.Replace(file, @"(<record[^>]*\smodel="")([\w.]+)("")", "$1$2.gone$3")
                    ? file
                    : null
        ),
        new(
            "Python that does not compile",
            "python-syntax",
            draw => Loaded(draw) is { } file ? Append(draw, file, "\n\ndef broken(:\n    pass\n") : null
        ),
        new(
            "a file that is imported and gone",
            "import-local-missing",
            draw =>
                draw.Any(draw.Models().Where(model => model.File.StartsWith("models/", StringComparison.Ordinal)))
                    is { } model
                    ? Delete(draw, model.File)
                    : null
        ),
        new("a file with models that nobody imports", "python-not-imported", NotImported),
        new(
            "a new required field without a default",
            "required-field-unfilled",
            draw =>
                draw.Any(draw.Models()) is { } model
                    ? Field(draw, model, "tidegate_level = fields.Integer(required=True)")
                    : null
        ),
        new("a field that becomes required", "required-field-unfilled", BecomesRequired),
        new("a field that was removed and is still in a view", "field-unknown", Removed),
        new("a column that changes its type", "field-retyped", Retyped),
        new(
            "F27 credentials that no copy forgets",
            "neutralize-missing",
            draw =>
                !draw.Module.HasFile("data/neutralize.sql") && draw.Any(draw.Models()) is { } model
                    ? Field(draw, model, "tidegate_ftp_password = fields.Char()")
                    : null
        ),
        new(
            "a private key",
            "secret-in-tree",
            draw =>
            {
                draw.Addons.Write(
                    draw.Name,
                    "data/server.pem",
                    $"-----BEGIN PRIVATE KEY-----\n{new string('M', 64)}\n"
                );
                return "data/server.pem";
            }
        ),
    ];

    private static string? Versioned(Draw draw, Func<string?> spoil) => draw.HasVersion ? spoil() : null;

    private static string? Version(Draw draw, string version)
    {
        if (!draw.HasVersion)
        {
            return null;
        }

        draw.SetVersion(version);
        return version;
    }

    /// <summary>Into the manifest, last: the last value of a key counts.</summary>
    private static string? Insert(Draw draw, string entry)
    {
        var text = draw.Addons.Read(draw.Name, Draw.Manifest).TrimEnd();
        if (!text.EndsWith('}'))
        {
            return null;
        }

        var body = text[..^1].TrimEnd();
        draw.Addons.Write(draw.Name, Draw.Manifest, $"{body}{(body.EndsWith(',') ? "" : ",")}\n    {entry}\n}}\n");
        return entry;
    }

    private static string? Cycle(Draw draw)
    {
        var needed = draw.Any(
            draw.Module.Module.Depends.Where(name => draw.Release.Modules.GetValueOrDefault(name) is { IsAddon: true })
        );
        return needed is null
            ? null
            : Insert(draw with { Module = draw.Release.Modules[needed] }, $"'depends': ['base', '{draw.Name}'],");
    }

    private static string? Loaded(Draw draw) => draw.Any(draw.Module.Facts.Models.Where(model => model.Loaded))?.File;

    private static string Prepend(Draw draw, string file, string text)
    {
        draw.Addons.Write(draw.Name, file, text + draw.Addons.Read(draw.Name, file));
        return file;
    }

    private static string Append(Draw draw, string file, string text)
    {
        draw.Addons.Write(draw.Name, file, draw.Addons.Read(draw.Name, file) + text);
        return file;
    }

    private static string Delete(Draw draw, string file)
    {
        draw.Addons.Delete(draw.Name, file);
        return file;
    }

    private static string? NotImported(Draw draw)
    {
        var model = draw.Any(
            draw.Models()
                .Where(model =>
                    model.File.StartsWith("models/", StringComparison.Ordinal)
                    && model.File.Count(letter => letter == '/') == 1
                )
        );
        if (model is null)
        {
            return null;
        }

        var name = Path.GetFileNameWithoutExtension(model.File);
        // auth_signup's users import a name out of its partners: then Odoo loads the file all the same.
        return
            !IsNamedElsewhere(draw, name) && draw.Replace("models/__init__.py", $@"(?m)^from \. import {name}\b.*$", "")
            ? model.File
            : null;
    }

    private static bool IsNamedElsewhere(Draw draw, string name) =>
        draw.Module.Files.Any(file =>
            file.Path.EndsWith(".py", StringComparison.Ordinal)
            && file.Path is not "models/__init__.py"
            && Regex.IsMatch(
                draw.Addons.Read(draw.Name, file.Path),
                $@"\.{name}\b[^\n]*\bimport\b|\bimport\b[^\n]*\b{name}\b",
                RegexOptions.None,
                TimeSpan.FromSeconds(5)
            )
        );

    private static string? Field(Draw draw, ModelFact model, string declaration)
    {
        // Before the first field, where the class body certainly goes on.
        var first = model.Fields.MinBy(field => field.Line)!;
        var line = draw.Addons.Read(draw.Name, model.File).Split('\n')[first.Line - 1];
        if (!line.TrimStart().StartsWith($"{first.Name} =", StringComparison.Ordinal) || model.Open)
        {
            return null;
        }

        var indent = line[..^line.TrimStart().Length];
        draw.InsertAfterLine(model.File, first.Line - 1, $"{indent}{declaration}");
        return $"{model.Name} in {model.File}";
    }

    private static string? BecomesRequired(Draw draw)
    {
        var choice = draw.Any(
            Own(draw)
                .Where(item =>
                    item.Field
                        is {
                            HasColumn: true,
                            Required: null,
                            Default: null,
                            Compute: null,
                            Related: null,
                            Type: "Char" or "Integer" or "Date" or "Many2one"
                        }
                    && draw.LineAt(item.Model.File, item.Field.Line) is [.., ')'] line
                    && line.StartsWith($"    {item.Field.Name} = fields.", StringComparison.Ordinal)
                )
        );
        if (choice is null)
        {
            return null;
        }

        var declaration = draw.LineAt(choice.Model.File, choice.Field.Line);
        var separator = declaration.EndsWith("()", StringComparison.Ordinal) ? "" : ", ";
        draw.ReplaceInLine(
            choice.Model.File,
            choice.Field.Line,
            declaration,
            $"{declaration[..^1]}{separator}required=True)"
        );
        return Place(choice);
    }

    private static string? Retyped(Draw draw)
    {
        var choice = draw.Any(
            Own(draw)
                .Where(item =>
                    item.Field
                        is { HasColumn: true, Type: "Char" or "Integer" or "Float", Compute: null, Related: null }
                )
        );
        return
            choice is not null
            && draw.ReplaceInLine(
                choice.Model.File,
                choice.Field.Line,
                $"fields.{choice.Field.Type}(",
                "fields.Boolean("
            )
            ? Place(choice)
            : null;
    }

    private static string? Removed(Draw draw)
    {
        var models = new ModelCatalogue(draw.Release);
        var used = draw
            .Release.Modules.Values.SelectMany(module => module.Facts.Views)
            .Where(view => view.Model is not null)
            .SelectMany(view =>
                view.Uses.Where(use => use is { Sure: true, Path.IsEmpty: true })
                    .Select(use => (view.Model!, use.Field))
            )
            .ToHashSet();
        var choice = draw.Any(
            Own(draw)
                .Where(item =>
                    used.Contains((item.Model.Name!, item.Field.Name))
                    && models.Find(item.Model.Name!, item.Field.Name)!.Declarations.Length == 1
                )
        );
        return
            choice is not null
            && draw.ReplaceInLine(
                choice.Model.File,
                choice.Field.Line,
                $"{choice.Field.Name} =",
                $"{choice.Field.Name}_gone ="
            )
            ? Place(choice)
            : null;
    }

    /// <summary>Fields of the module that no other class declares.</summary>
    private static IEnumerable<Choice> Own(Draw draw)
    {
        var models = new ModelCatalogue(draw.Release);
        return from model in draw.Models()
            where
                models.Exists(model.Name!)
                && !models.IsOpen(model.Name!)
                && models.Of(model.Name!).All(item => item.Model.Kind == "model" && item.Model.Auto)
            from field in model.Fields
            where models.Find(model.Name!, field.Name)!.Declarations.Length == 1
            select new Choice(model, field);
    }

    private static string Place(Choice choice) => $"{choice.Field.Name} of {choice.Model.Name}";

    private sealed record Choice(ModelFact Model, FieldFact Field);
}
