using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>
/// Where one job of a generation's migrator writes: in the generation's own folder, which belongs to the pool's user,
/// so that a release's code can write no evidence. The control plane copies from here.
/// </summary>
/// <param name="Pool">Whose migrator runs the job.</param>
/// <param name="Release">The release whose code runs.</param>
/// <param name="Log">Odoo's log, whole.</param>
/// <param name="Result">Written once, atomically, when the job has ended.</param>
public sealed record JobFiles(PoolName Pool, ReleaseDigest Release, string Log, string Result)
{
    public static JobFiles Of(SiteLayout layout, PoolName pool, ReleaseDigest release, string id)
    {
        var folder = Folder(layout, pool, release);
        return new(pool, release, Path.Combine(folder, $"{id}.log"), Path.Combine(folder, $"{id}.json"));
    }

    /// <summary>Forgets an earlier result, for a job that may simply be made again.</summary>
    public void ForgetResult()
    {
        if (File.Exists(Result))
        {
            File.Delete(Result);
        }
    }

    /// <summary>Jobs that have left a result and whose id begins so.</summary>
    public static IEnumerable<JobFiles> Ended(SiteLayout layout, PoolName pool, ReleaseDigest release, string prefix)
    {
        var folder = Folder(layout, pool, release);
        return Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, $"{prefix}*.json")
                .Select(file => Of(layout, pool, release, Path.GetFileNameWithoutExtension(file)))
            : [];
    }

    private static string Folder(SiteLayout layout, PoolName pool, ReleaseDigest release) =>
        Path.Combine(layout.Generation(pool, release), "jobs");
}
