using Tidegate.Cli.Releases;
using Tidegate.Contracts.Releases;

namespace Tidegate.Server.Commands;

/// <summary>What differs between two releases, for people: <c>+</c> is new, <c>-</c> is gone, <c>~</c> is changed.</summary>
internal static class DiffText
{
    private const int MostItems = 12;
    private const int ShortChecksum = 10;

    public static void Write(TextWriter output, ReleaseDiff diff)
    {
        output.WriteLine($"from  {End(diff.From)}");
        output.WriteLine($"to    {End(diff.To)}");
        if (diff.IsEmpty())
        {
            output.WriteLine(
                diff.From.Digest == diff.To.Digest
                    ? "nothing differs"
                    : "no file's content differs; the digests do, in modes or links"
            );
            return;
        }

        Items(output, "", "odoo", diff.Core);
        foreach (var module in diff.Added)
        {
            output.WriteLine($"+ module {module.Name} {module.Version}");
        }

        foreach (var module in diff.Removed)
        {
            output.WriteLine($"- module {module.Name} {module.Version}");
        }

        foreach (var module in diff.Changed)
        {
            WriteModule(output, module);
        }

        WriteFields(output, diff.Fields);
        WritePython(output, diff.Python);
        output.WriteLine(
            $"{ReleaseText.Count(diff.Added.Count, "module")} new, {diff.Removed.Count} gone, {diff.Changed.Count} changed; {ReleaseText.Count(diff.Migrations, "migration script")} on the way"
        );
    }

    private static void WriteModule(TextWriter output, ChangedModule module)
    {
        var version =
            module.Version.From == module.Version.To
                ? module.Version.From
                : $"{module.Version.From} -> {module.Version.To}";
        output.WriteLine(
            $"~ module {module.Name} {version}  {module.Checksum.From[..ShortChecksum]} -> {module.Checksum.To[..ShortChecksum]}"
        );
        foreach (var script in module.Migrations)
        {
            output.WriteLine($"    runs {script}");
        }

        Items(output, "    ", "depends", module.Depends);
        if (module.ManifestKeys.Count > 0)
        {
            output.WriteLine($"    ~ manifest {string.Join(", ", module.ManifestKeys)}");
        }

        var data = module.Data.ToHashSet();
        Items(output, "    ", "data", module.Data);
        Items(output, "    ", "view", module.Views);
        Items(output, "    ", "file", [.. module.Files.Where(file => !data.Contains(file))]);
    }

    private static void WriteFields(TextWriter output, IReadOnlyList<ChangedField> fields)
    {
        foreach (var field in fields)
        {
            var name = field.Field is { } own ? $"{own} of {field.Model}" : field.Model;
            var place = field.File is { } file ? $"{field.Module}/{file}" : field.Module;
            output.WriteLine($"{Sign(field.Change)} {name} {field.What}  ({place})");
        }
    }

    private static void WritePython(TextWriter output, IReadOnlyList<ChangedPython> python)
    {
        foreach (var item in python)
        {
            var versions = item.Change is "changed" ? $" {item.From ?? "none"} -> {item.To ?? "none"}" : "";
            output.WriteLine($"{Sign(item.Change)} python {item.Distribution}{versions}");
        }
    }

    private static void Items(TextWriter output, string indent, string what, IReadOnlyList<ChangedItem> items)
    {
        foreach (var item in items.Take(MostItems))
        {
            output.WriteLine($"{indent}{Sign(item.Change)} {what} {item.Name}");
        }

        if (items.Count > MostItems)
        {
            output.WriteLine($"{indent}  and {items.Count - MostItems} more; --json has them all");
        }
    }

    private static string End(DiffEnd end) =>
        $"{end.Name}{(end.Digest is { } digest ? $" {digest}" : "")}, Odoo {end.Odoo}";

    private static char Sign(string change) =>
        change switch
        {
            "added" => '+',
            "removed" => '-',
            _ => '~',
        };
}
