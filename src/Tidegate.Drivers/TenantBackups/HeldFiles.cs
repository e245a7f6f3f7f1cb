using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>One file of the snapshot that will not go away while it is copied.</summary>
/// <param name="Path">Where its content is.</param>
internal sealed record HeldFile(string Name, string Path, long Size);

/// <summary>
/// The files that a snapshot counts on, each held by a second name: Odoo removes files that the live database no longer
/// counts on, once a day and while a backup runs.
/// </summary>
internal sealed partial record HeldFiles(ImmutableArray<HeldFile> Files, ImmutableArray<SourceFault> Faults)
{
    public const string Missing = "is missing";

    public bool LacksAny => Faults.Any(fault => fault.What == Missing);

    public long Bytes { get; } = Files.Sum(file => file.Size);

    /// <summary>Gives each file that is there a second name below <paramref name="folder"/>. Nothing of the live filestore is changed.</summary>
    /// <param name="names">As <c>store_fname</c> has them.</param>
    public static HeldFiles Hold(string filestore, IEnumerable<string> names, string folder)
    {
        Folder.Private(folder);
        var files = ImmutableArray.CreateBuilder<HeldFile>();
        var faults = ImmutableArray.CreateBuilder<SourceFault>();
        foreach (var name in names)
        {
            if (!IsOdoosOwn(name))
            {
                faults.Add(new(name, "is kept outside Odoo's own filestore: back it up where it is"));
            }
            else if (Hold(Path.Join(filestore, name), Path.Join(folder, name)) is not { } held)
            {
                faults.Add(new(name, Missing));
            }
            else if (new FileInfo(held) is { LinkTarget: null } file)
            {
                files.Add(new(name, held, file.Length));
            }
            else
            {
                // Whoever runs Odoo could otherwise have any file of this machine backed up and given back to it.
                faults.Add(new(name, "is a link"));
            }
        }

        return new(files.DrainToImmutable(), faults.DrainToImmutable());
    }

    /// <summary>Whether Odoo's own filestore keeps a file of this name: by the sha1 of its content, below its first two digits.</summary>
    public static bool IsOdoosOwn(string name) => StoreName().IsMatch(name);

    private static string? Hold(string file, string second)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(second)!);
        try
        {
            Native.TryLink(file, second);
            return second;
        }
        catch (IOException)
        {
            // On another file system there are no second names: then it is read where it is, if it is there.
            return File.Exists(file) ? file : null;
        }
    }

    [GeneratedRegex(@"\A[0-9a-f]{2}/[0-9a-f]{40}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StoreName();
}
