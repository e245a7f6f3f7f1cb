using System.Text.Json;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Files and process names of one generation. The only place that joins them.</summary>
internal sealed class GenerationFolder(SiteLayout layout, PoolName pool, ReleaseDigest digest)
{
    private const string WantedName = "generation.json";

    public PoolName Pool => pool;

    public ReleaseDigest Digest => digest;

    public string Path { get; } = layout.Generation(pool, digest);

    /// <summary>There while the generation is wanted.</summary>
    public string Wanted => In(WantedName);

    public string Configuration => In("odoo.conf");

    /// <summary>The same release under the migrator's role.</summary>
    public string MigratorConfiguration => In("migrator.conf");

    /// <summary>What the bridge reads: databases for web and for cron.</summary>
    public string TenantLists => In("tenants.json");

    public string Preload => In("preload.json");

    /// <summary>Compiled Python: the bundle itself is not writable.</summary>
    public string CompiledPython => In("pycache");

    public string MigratorSocket => layout.ForkServerSocket(pool, digest);

    public string WebProcess => Process("web");

    public string CronProcess => Process("cron");

    public string MigratorProcess => Process("migrator");

    /// <summary>In the order in which they are started.</summary>
    public IEnumerable<string> Processes => [WebProcess, CronProcess, MigratorProcess];

    public string Log(string process) => In($"{process.Split('.')[0]}.log");

    public override string ToString() => $"generation {digest.Short} of pool {pool}";

    /// <summary>Whether an upgrade needs the generation that does not serve its tenant yet.</summary>
    public bool IsClaimed => Directory.Exists(Claims) && Directory.EnumerateFiles(Claims).Any();

    private string Claims => In("claims");

    /// <summary>Makes the folder: ours, and the pool's user may add sockets, logs and caches to it.</summary>
    public void Make(OsUser? user)
    {
        // Never narrower in between: processes of the generation may be reading their files there.
        if (user is null)
        {
            Folder.Private(Path);
        }
        else
        {
            Directory.CreateDirectory(Path);
            user.LetAdd(Path);
        }

        Folder.Private(Claims);
    }

    /// <summary>Keeps the generation for an upgrade.</summary>
    public void Claim(UpgradeId upgrade)
    {
        Directory.CreateDirectory(Claims);
        File.WriteAllText(System.IO.Path.Combine(Claims, upgrade.Value), "");
    }

    /// <summary>The upgrade needs it no more, or it serves the tenant, which keeps it as well.</summary>
    public void LetGo(UpgradeId upgrade)
    {
        if (Directory.Exists(Claims))
        {
            File.Delete(System.IO.Path.Combine(Claims, upgrade.Value));
        }
    }

    /// <summary>Null when the generation is not wanted (any more).</summary>
    public WantedGeneration? ReadWanted() =>
        AtomicFile.Read(Wanted) is { } text
            ? JsonSerializer.Deserialize<WantedGeneration>(text, JsonSerializerOptions.Web)
            : null;

    /// <summary>Every generation that is wanted in a home folder.</summary>
    public static IEnumerable<GenerationFolder> AllWanted(SiteLayout layout)
    {
        return Subfolders(layout.Pools)
            .SelectMany(pool => Subfolders(layout.Generations(new PoolName(System.IO.Path.GetFileName(pool)))))
            .Select(folder => AtomicFile.Read(System.IO.Path.Combine(folder, WantedName)))
            .OfType<string>()
            .Select(text => JsonSerializer.Deserialize<WantedGeneration>(text, JsonSerializerOptions.Web)!)
            .Select(wanted => new GenerationFolder(layout, wanted.Pool, wanted.Digest));

        static IEnumerable<string> Subfolders(string folder) =>
            Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private string Process(string kind) => $"{kind}.{pool}.{digest.Short}";
}
