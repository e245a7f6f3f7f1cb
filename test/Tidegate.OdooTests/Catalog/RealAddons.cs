using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Python;
using Tidegate.Drivers.Catalog;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Catalog;

/// <summary>Copies of some of Odoo's own modules: its base as the core, the rest as addons, which may be spoiled and put right again.</summary>
internal sealed class RealAddons : IDisposable
{
    // Of many kinds, and what they import beside their dependencies.
    private static readonly string[] Wanted =
    [
        "base_vat",
        "calendar",
        "contacts",
        "crm",
        "event",
        "fleet",
        "hr_expense",
        "iap",
        "l10n_ch",
        "l10n_de",
        "lunch",
        "maintenance",
        "project",
        "purchase",
        "repair",
        "sale_management",
        "stock_account",
        "survey",
    ];

    private static readonly string[] CoreModules = ["base", "web"];
    private static readonly string[] LeftOut = ["static", "i18n", "i18n_extra", "tests", "__pycache__"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tidegate-mutations-");
    private readonly Dictionary<string, byte[]?> originals = new(StringComparer.Ordinal);
    private readonly ReleaseFactsReader reader;

    private RealAddons() =>
        reader = new(new ModuleInspector(), Path.Combine(folder.FullName, "cache"), TimeProvider.System);

    public static async Task<RealAddons> CopyAsync()
    {
        var odoo = (await Repository.EngAsync("where", "odoo"))[0];
        var addons = new RealAddons();
        var source = new OdooTree(odoo).Addons.Split(',');
        var pending = new Stack<string>(Wanted.Concat(CoreModules));
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (pending.TryPop(out var module))
        {
            if (
                source.Select(path => Path.Combine(path, module)).FirstOrDefault(Directory.Exists) is { } from
                && done.Add(module)
            )
            {
                var isCore = CoreModules.Contains(module, StringComparer.Ordinal);
                CopyModule(from, addons.At(isCore ? $"core/odoo/addons/{module}" : $"addons/{module}"));
                foreach (var needed in Depends(Path.Combine(from, "__manifest__.py")))
                {
                    pending.Push(needed);
                }
            }
        }

        File.Copy(Path.Combine(new OdooTree(odoo).Packages, "odoo", "release.py"), addons.At("core/odoo/release.py"));
        return addons;
    }

    public async Task<ReleaseFacts> ReadAsync()
    {
        var read = await reader.ReadAsync(
            new(At("core"), [At("addons")]),
            _ => { },
            TestContext.Current.CancellationToken
        );
        return read.Release!;
    }

    public string Read(string module, string path) => File.ReadAllText(At($"addons/{module}/{path}"));

    public void Write(string module, string path, string text)
    {
        var file = Keep(module, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Delete(string module, string path) => File.Delete(Keep(module, path));

    /// <summary>Everything is as it was copied.</summary>
    public void PutRight()
    {
        foreach (var (file, content) in originals)
        {
            if (content is null)
            {
                File.Delete(file);
            }
            else
            {
                File.WriteAllBytes(file, content);
            }
        }

        originals.Clear();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string At(string path) => Path.Combine(folder.FullName, path);

    private string Keep(string module, string path)
    {
        var file = At($"addons/{module}/{path}");
        originals.TryAdd(file, File.Exists(file) ? File.ReadAllBytes(file) : null);
        return file;
    }

    private static IEnumerable<string> Depends(string manifest) =>
        PythonLiteral.Parse(File.ReadAllText(manifest)) is PythonLiteral.Read { Root.Value: PythonValue.Map map }
            ? new ManifestView(map.Entries).Texts("depends").Select(name => name.Value)
            : [];

    private static void CopyModule(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var below in Directory.EnumerateDirectories(from))
        {
            if (!LeftOut.Contains(Path.GetFileName(below), StringComparer.Ordinal))
            {
                CopyModule(below, Path.Combine(to, Path.GetFileName(below)));
            }
        }
    }
}
