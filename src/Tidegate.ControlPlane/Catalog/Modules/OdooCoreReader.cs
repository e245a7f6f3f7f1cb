using System.Numerics;
using Tidegate.ControlPlane.Catalog.Python;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>Finds Odoo in a folder and reads its series; executes nothing.</summary>
internal static class OdooCoreReader
{
    // A checkout has the package at its root; Debian's package has it where Python looks for system packages.
    private static readonly string[] PythonPaths = ["", "usr/lib/python3/dist-packages"];
    private static readonly string[] Executables = ["usr/bin/odoo", "odoo-bin"];

    private static readonly string[] AddonsPaths = ["odoo/addons", "addons"];

    /// <summary>The core, its paths below the given folder; or why it is none.</summary>
    public static (OdooCore? Core, Refusal? Refusal) Read(string folder)
    {
        var python = PythonPaths.FirstOrDefault(path => File.Exists(ReleaseFile(folder, path)));
        if (python is null)
        {
            return (
                null,
                new(
                    RefusalKind.Usage,
                    $"{folder} holds no Odoo: it has neither odoo/release.py nor {PythonPaths[1]}/odoo/release.py; give the folder of a checkout or of an unpacked package."
                )
            );
        }

        if (VersionInfo(File.ReadAllText(ReleaseFile(folder, python))) is not { } version)
        {
            return (
                null,
                new(
                    RefusalKind.Usage,
                    $"{ReleaseFile(folder, python)} gives no version_info that can be read: is this Odoo's own file?"
                )
            );
        }

        var addons = AddonsPaths
            .Select(path => Join(python, path))
            .Where(path => Directory.Exists(Path.Join(folder, path)));
        var executable = Executables.FirstOrDefault(path => File.Exists(Path.Join(folder, path)));
        return (new(version.Series, version.Full, python, executable, [.. addons]), null);
    }

    /// <summary>Series and version from the text of <c>odoo/release.py</c>; null when they are not found.</summary>
    public static (string Series, string Full)? VersionInfo(string release)
    {
        var line = release
            .Split('\n')
            .FirstOrDefault(line =>
                line.StartsWith("version_info", StringComparison.Ordinal)
                && line.Contains('=', StringComparison.Ordinal)
            );
        if (
            line is null
            || PythonLiteral.ParseStart(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..])
                is not PythonLiteral.Read
                {
                    Root.Value: PythonValue.Tuple
                    {
                        Items: [var major, var minor, _, var level, var serial, .. var rest]
                    }
                }
        )
        {
            return null;
        }

        var series = $"{Plain(major.Value)}.{Plain(minor.Value)}";
        var number = serial.Value is PythonValue.Integer { Value.IsZero: true } ? "" : Plain(serial.Value);
        return (
            series,
            $"{series}{Level(Plain(level.Value))}{number}{string.Concat(rest.Select(part => Plain(part.Value)))}"
        );
    }

    /// <summary>Joins folders of a tree; <c>""</c> is the tree itself.</summary>
    public static string Join(string folder, string below) => folder.Length == 0 ? below : $"{folder}/{below}";

    private static string ReleaseFile(string folder, string python) =>
        Path.Join(folder, Join(python, "odoo/release.py"));

    private static string Plain(PythonValue value) =>
        value switch
        {
            PythonValue.Text text => text.Value,
            PythonValue.Integer { Value: BigInteger number } => number.ToString(
                System.Globalization.CultureInfo.InvariantCulture
            ),
            // The levels are names of constants beside it: FINAL is 'final'.
            PythonValue.Name { Value: "RELEASE_CANDIDATE" } => "candidate",
            PythonValue.Name name => name.Value.ToLowerInvariant(),
            _ => "",
        };

    private static string Level(string level) =>
        level switch
        {
            "alpha" => "a",
            "beta" => "b",
            "candidate" => "rc",
            _ => "",
        };
}
