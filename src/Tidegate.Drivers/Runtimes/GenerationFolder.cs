using System.Text.Json;
using Tidegate.ControlPlane.Fleet;
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

    /// <summary>Null when the generation is not wanted (any more).</summary>
    public WantedGeneration? ReadWanted() =>
        AtomicFile.Read(Wanted) is { } text
            ? JsonSerializer.Deserialize<WantedGeneration>(text, JsonSerializerOptions.Web)
            : null;

    /// <summary>Every generation that is wanted in a home folder.</summary>
    public static IEnumerable<GenerationFolder> AllWanted(SiteLayout layout)
    {
        var pools = layout.Pools;
        return Directory.Exists(pools)
            ? Directory
                .EnumerateFiles(
                    pools,
                    WantedName,
                    new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }
                )
                .Select(AtomicFile.Read)
                .OfType<string>()
                .Select(text => JsonSerializer.Deserialize<WantedGeneration>(text, JsonSerializerOptions.Web)!)
                .Select(wanted => new GenerationFolder(layout, wanted.Pool, wanted.Digest))
            : [];
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private string Process(string kind) => $"{kind}.{pool}.{digest.Short}";
}
