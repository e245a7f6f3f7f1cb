using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.OdooTests.Catalog;

/// <summary>One kind of fault.</summary>
/// <param name="Name">What is done, for the reader of a failure; with the number of the fault catalogue where it has one.</param>
/// <param name="Code">The rule that must find it.</param>
/// <param name="Apply">Spoils a module drawn at random; null when that one has nothing to spoil. Gives the place.</param>
internal sealed record Mutation(string Name, string Code, Func<Draw, string?> Apply);

/// <summary>What a mutation may draw from.</summary>
/// <param name="Module">An addon.</param>
internal sealed record Draw(RealAddons Addons, ReleaseFacts Release, ModuleView Module, Random Random)
{
    public const string Manifest = "__manifest__.py";

    public string Name => Module.Name;

    public T? Any<T>(IEnumerable<T> items)
        where T : class
    {
        var all = items.ToList();
        return all.Count == 0 ? null : all[Random.Next(all.Count)];
    }

    /// <summary>The module's version one higher, as its manifest would write it.</summary>
    public string Raised() => $"{string.Join('.', Module.Module.Version.Split('.').Take(3))}.99";

    public void SetVersion(string version) =>
        Replace(Manifest, @"(['""]version['""]\s*:\s*)['""][^'""]*['""]", $"$1'{version}'");

    public bool HasVersion => Module.Manifest.Text("version") is not null;

    /// <summary>Replaces the first match; false when there is none.</summary>
    public bool Replace(string path, string pattern, string replacement)
    {
        var text = Addons.Read(Name, path);
        var regex = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(5));
        var changed = regex.Replace(text, replacement, 1);
        Addons.Write(Name, path, changed);
        return changed != text;
    }

    /// <summary>Replaces one line's text; false when it is not there.</summary>
    public bool ReplaceInLine(string path, int line, string old, string text)
    {
        var lines = Addons.Read(Name, path).Split('\n');
        if (!lines[line - 1].Contains(old, StringComparison.Ordinal))
        {
            return false;
        }

        lines[line - 1] = lines[line - 1].Replace(old, text, StringComparison.Ordinal);
        Addons.Write(Name, path, string.Join('\n', lines));
        return true;
    }

    public string LineAt(string path, int line) => Addons.Read(Name, path).Split('\n')[line - 1];

    public void InsertAfterLine(string path, int line, string text)
    {
        var lines = Addons.Read(Name, path).Split('\n').ToList();
        lines.Insert(line, text);
        Addons.Write(Name, path, string.Join('\n', lines));
    }

    /// <summary>A script of the next version, to which the module is raised.</summary>
    public string Script(string file, string text)
    {
        SetVersion(Raised());
        Addons.Write(Name, file, text);
        return file;
    }

    public IEnumerable<string> DataFiles(string ending) =>
        Module
            .Manifest.Texts("data")
            .Select(file => file.Value)
            .Where(file => file.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Classes that make or extend a model with a table, and have a field of their own.</summary>
    public IEnumerable<ModelFact> Models() =>
        Module.Facts.Models.Where(model =>
            model is { Loaded: true, Kind: "model", Auto: true, Open: false, Fields.IsEmpty: false, Name: not null }
        );
}
