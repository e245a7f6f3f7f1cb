using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Rehearsals;

/// <summary>The files of a tenant that its rehearsal needs too.</summary>
internal static class RehearsedFiles
{
    /// <summary>Copies those that are there. The tenant's own are read and never linked: whoever runs in the rehearsal owns its files.</summary>
    /// <param name="names">As <c>store_fname</c> has them; what is not Odoo's own name is left out.</param>
    /// <param name="user">Who gets them; null for ourselves.</param>
    /// <returns>How many were copied, and how many were not found. What is there already counts as neither.</returns>
    public static (int Taken, int Missing) Take(
        string from,
        string to,
        IEnumerable<string> names,
        OsUser? user,
        CancellationToken cancellationToken
    )
    {
        var (taken, missing) = (0, 0);
        foreach (var name in names.Where(HeldFiles.IsOdoosOwn))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (source, place) = (Path.Combine(from, name), Path.Combine(to, name));
            if (File.Exists(place))
            {
                continue; // what a masked attachment became
            }

            // Whoever runs Odoo could otherwise have any file of this machine given to the rehearsal by a link.
            if (new FileInfo(source) is not { Exists: true, LinkTarget: null })
            {
                missing++;
                continue;
            }

            Folder.Private(Path.GetDirectoryName(place)!, user);
            File.Copy(source, place);
            user?.Give(place);
            taken++;
        }

        return (taken, missing);
    }
}
