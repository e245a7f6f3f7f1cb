using Tidegate.ControlPlane.Accounts;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Sites;

/// <summary>Where everything of a site lies below its home folder. The only place that joins these paths.</summary>
/// <param name="Home">Absolute path.</param>
public sealed record SiteLayout(string Home)
{
    /// <summary>Part of the socket's name only: PostgreSQL does not listen on it.</summary>
    public const int PostgresPort = 5432;

    /// <summary>What the site was last started with.</summary>
    public string SiteFile => In("site.json");

    /// <summary>There while the site is to run.</summary>
    public string UpFile => In("run", "up");

    public string GatewayFolder => In("gateway");

    public string ServerFolder => In("server");

    /// <summary>What the control plane prints.</summary>
    public string ServerLog => In("server", "log");

    public string Postgres => In("postgres");

    public string PostgresData => In("postgres", "data");

    /// <summary>There while the cluster's folder is being filled from backups: it must not be started then.</summary>
    public string UnfinishedRestore => In("postgres", "restoring");

    /// <summary>The folder of PostgreSQL's unix socket. PostgreSQL listens nowhere else.</summary>
    public string PostgresSocket => In("postgres", "socket");

    public string PostgresLog => In("postgres", "log");

    /// <summary>How to reach the site's PostgreSQL.</summary>
    public SitePostgres Cluster => new(PostgresSocket, PostgresPort);

    /// <summary>Process records, sockets and locks.</summary>
    public string Run => In("run");

    /// <summary>The gateway's control socket, mode 0600.</summary>
    public string GatewaySocket => In("run", "gateway.sock");

    /// <summary>The control plane's API, mode 0600.</summary>
    public string ServerSocket => In("run", "tidegate.sock");

    public string GatewayState => In("gateway", "state.json");

    public string GatewayLog => In("gateway", "log");

    /// <summary>The content-addressed store of bundles.</summary>
    public string Bundles => In("bundles");

    /// <summary>Where a release is run before any shop trusts it: there only meanwhile.</summary>
    public string Sandbox => In("sandbox");

    /// <summary>The object store: manifests of registered releases, reports of their validations.</summary>
    public string Objects => In("objects");

    /// <summary>Where backups of tenants go, and how often they are taken; the home's own folder where there is none.</summary>
    public string ObjectsFile => In("objects.json");

    /// <summary>What is known about modules by their content; may be removed at any time.</summary>
    public string Facts => In("facts");

    public string Secrets => In("secrets");

    /// <summary>The one-time secret of an administrator who was made on this machine.</summary>
    public string BootstrapSecret(AccountName person) => In("secrets", $"bootstrap-{person.Short}");

    /// <summary>Signs what the ledger is.</summary>
    public string LedgerKey => In("secrets", "ledger-key");

    /// <summary>What the ledger was, signed, outside the database: a line of JSON each.</summary>
    public string LedgerCheckpoints => In("ledger", "checkpoints.jsonl");

    /// <summary>Where else these go; nowhere where the file is not there.</summary>
    public string WitnessesFile => In("witnesses.json");

    /// <summary>What checks these.</summary>
    public string LedgerPublicKey => In("ledger", "public-key.pem");

    /// <summary>Encrypts the cluster's backups: without it they are worth nothing.</summary>
    public string BackupPassphrase => In("secrets", "backup-passphrase");

    /// <summary>The cluster's backups and its archived log, with what belongs to them.</summary>
    public string Backups => In("backups");

    public string BackupRepository => In("backups", "repository");

    /// <summary>Where cluster backups go; the folder <see cref="BackupRepository"/> when it is not there.</summary>
    public string RepositoryFile => In("backups.json");

    public string BackupConfiguration => In("backups", "pgbackrest.conf");

    public string BackupLog => In("backups", "log");

    public string BackupLock => In("backups", "lock");

    public string BackupSpool => In("backups", "spool");

    /// <summary>What is kept of repositories that say what should run.</summary>
    public string Following => In("following");

    /// <summary>Public keys whose signatures on commits can be told: <c>*.asc</c> for OpenPGP, <c>*.pub</c> for SSH.</summary>
    public string FollowedKeys => In("following", "keys");

    /// <summary>The same keys as git's checkers take them; may be removed at any time.</summary>
    public string KeyFolders => In("following", "key-folders");

    /// <summary>The copies of repositories.</summary>
    public string Mirrors => In("following", "mirrors");

    public string Evidence => In("evidence");

    public string Checkpoints => In("checkpoints");

    /// <summary>The bridge's Python, one folder a version: running generations keep theirs.</summary>
    public string Bridge => In("bridge");

    public string Pools => In("pools");

    public string Pool(PoolName pool) => In("pools", pool.Value);

    public string Generations(PoolName pool) => In("pools", pool.Value, "generations");

    /// <summary>Odoo's data folder, one a pool: generations of a pool share sessions and filestores.</summary>
    public string PoolData(PoolName pool) => In("pools", pool.Value, "data");

    public string Filestore(PoolName pool, string database) => In("pools", pool.Value, "data", "filestore", database);

    /// <summary>Configuration, bridge file and logs of one generation.</summary>
    public string Generation(PoolName pool, ReleaseDigest digest) =>
        In("pools", pool.Value, "generations", digest.Short);

    /// <summary>The socket of the migrator that a pool's generation owns.</summary>
    public string ForkServerSocket(PoolName pool, ReleaseDigest digest) =>
        In("pools", pool.Value, "generations", digest.Short, "forkserver.sock");

    /// <summary>Files of states that were restored and have not taken a tenant's place yet; the databases to look at keep theirs here.</summary>
    public string Restored => In("restored");

    /// <summary>The files of the state that a job has brought.</summary>
    public string RestoredBy(JobId job) => In("restored", job.Value);

    public string Checkpoint(UpgradeId upgrade) => In("checkpoints", upgrade.Value);

    /// <summary>What jobs make for themselves: there only while they are at work.</summary>
    public string WorkFolder => In("work");

    public string Work(JobId job) => In("work", job.Value);

    /// <summary>A job's private PostgreSQL: its data, its socket, its logs.</summary>
    public string SideCluster(JobId job) => In("work", job.Value, "side");

    /// <summary>A home of its own for the releases that a rehearsal runs; its path is short, for the sockets in it.</summary>
    public SiteLayout Rehearsal(JobId job) => new(In("rehearsals", job.Short));

    public string Rehearsals => In("rehearsals");

    /// <summary>What a rehearsal leaves for whoever reads more than its record.</summary>
    public string EvidenceOf(JobId rehearsal) => In("evidence", "rehearsals", rehearsal.Value);

    /// <summary>What one tenant's upgrade leaves as proof: logs, oracle's answers, journeys.</summary>
    public string EvidenceOf(RolloutId rollout, TenantName tenant) => In("evidence", rollout.Value, tenant.Value);

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([Home, .. parts]);
}
