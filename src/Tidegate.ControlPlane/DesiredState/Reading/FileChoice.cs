using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>A file of a fleet with the schema it must follow, or why it is not read.</summary>
/// <param name="Name">The object's name, the file's stem.</param>
internal sealed record ChosenFile(FleetFile File, string Name, ObjectSchema? Schema, DesiredDocument? Refused);

/// <summary>Which files of a listing are a fleet's. At the root only <c>tidegate.yaml</c> is; in its folders every file must be one.</summary>
internal static class FileChoice
{
    private static readonly ImmutableArray<(ObjectFolder Folder, Regex Names)> NameForms =
    [
        .. FleetSchema
            .Objects.Where(known => known.Folder is not null)
            .Select(known =>
                (known.Folder!, new Regex($@"\A(?:{known.Folder!.NamePattern})\z", RegexOptions.NonBacktracking))
            ),
    ];

    /// <summary>In the order of their paths; what is none of a fleet's business is left out.</summary>
    public static IReadOnlyList<ChosenFile> Of(IReadOnlyList<FleetFile> listed)
    {
        if (listed.Count > FleetLayout.MostFiles)
        {
            var what = string.Create(
                CultureInfo.InvariantCulture,
                $"the fleet has more than {FleetLayout.MostFiles} files and is not read."
            );
            return [Refuse(new FleetFile(FleetLayout.Root, null, 0), "", what)];
        }

        var chosen = listed
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(Choose)
            .OfType<ChosenFile>()
            .ToList();
        if (!chosen.Exists(each => each.File.Path == FleetLayout.Root))
        {
            var root = new FleetFile(FleetLayout.Root, null, 0);
            chosen.Add(
                Refuse(root, "", "there is no such file.", "It says whose fleet this is: \"organisation: NAME\".")
            );
        }

        return chosen;
    }

    private static ChosenFile? Choose(FleetFile file)
    {
        if (file.Path == FleetLayout.Root)
        {
            return InKind(file, "", OrganisationSchema.Schema);
        }

        var slash = file.Path.IndexOf('/', StringComparison.Ordinal);
        var folder = slash < 0 ? file.Path : file.Path[..slash];
        var known = FleetSchema.Find(folder);
        if (slash < 0)
        {
            return known is not null || Folders.Future.Contains(folder)
                ? Refuse(file, "", $"{folder} is {Kind(file)}, not a folder.")
                : null;
        }

        var name = file.Path[(slash + 1)..];
        return name == FleetLayout.Placeholder && file.Kind is FleetFileKind.Regular ? null
            : known is not null ? InFolder(file, name, known)
            : Folders.Future.Contains(folder)
                ? Refuse(file, "", $"{folder} are not read by this version of Tidegate.", "Remove the file.")
            : null;
    }

    private static ChosenFile InFolder(FleetFile file, string name, FleetObject known)
    {
        var folder = known.Folder!;
        if (name.Contains('/', StringComparison.Ordinal) || file.Kind is FleetFileKind.Folder)
        {
            return Refuse(file, "", $"a folder within {folder.Name} is not read.", $"Move its files to {folder.Name}.");
        }

        if (!name.EndsWith(FleetLayout.Extension, StringComparison.Ordinal))
        {
            var suggestion = name.EndsWith(".yml", StringComparison.Ordinal)
                ? $"Rename it to {Path.GetFileNameWithoutExtension(name)}.yaml."
                : "Move it elsewhere.";
            return Refuse(
                file,
                "",
                $"{folder.Name} holds files that end in {FleetLayout.Extension}, and nothing else.",
                suggestion
            );
        }

        var stem = name[..^FleetLayout.Extension.Length];
        return IsName(folder, stem)
            ? InKind(file, stem, known.Schema)
            : Refuse(
                file,
                stem,
                $"\"{Characters.Shown(stem)}\" cannot be the name of {Nouns.A(folder.Noun)}: {Form(folder)}.",
                Characters.Foreign(stem)
            );
    }

    private static ChosenFile InKind(FleetFile file, string name, ObjectSchema schema) =>
        file.Kind is not FleetFileKind.Regular
            ? Refuse(file, name, $"this is {Kind(file)}, not a file; it is not followed.", "Put the file itself here.")
        : file.Bytes > FleetLayout.LargestFile ? new(file, name, null, DesiredDocument.TooLarge(file, name))
        : new(file, name, schema, null);

    private static ChosenFile Refuse(FleetFile file, string name, string what, string? suggestion = null) =>
        new(file, name, null, DesiredDocument.Unread(file, name, what, suggestion));

    private static bool IsName(ObjectFolder folder, string stem) =>
        NameForms.First(form => form.Folder == folder).Names.IsMatch(stem);

    private static string Form(ObjectFolder folder) =>
        folder == Folders.Releases
            ? "use 1 to 64 letters, digits, points, hyphens and underscores, beginning with a letter or digit"
            : "use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter";

    private static string Kind(FleetFile file) =>
        file.Kind switch
        {
            FleetFileKind.Regular => "a file",
            FleetFileKind.Link => "a symbolic link",
            FleetFileKind.Folder => "a folder",
            FleetFileKind.Special => "a special file",
        };
}
