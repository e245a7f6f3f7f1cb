using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Runtimes;

/// <summary>What a generation serves: the bridge reads <c>web</c> and <c>cron</c>, the rest is ours.</summary>
/// <param name="Version">Raised by one with every change.</param>
/// <param name="Epochs">The highest epoch that changed something for a database.</param>
public sealed record TenantList(
    long Version,
    ImmutableSortedSet<string> Web,
    ImmutableSortedSet<string> Cron,
    ImmutableSortedDictionary<string, long> Epochs
)
{
    public static readonly TenantList Empty = new(
        0,
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal)
    );
}

/// <summary>Which of its two kinds of work a generation does for a tenant.</summary>
/// <param name="Web">Its requests are answered.</param>
/// <param name="Cron">Its scheduled jobs run.</param>
public sealed record Service(bool Web, bool Cron)
{
    public static readonly Service None = new(false, false);

    public static readonly Service WebOnly = new(true, false);

    public static readonly Service Full = new(true, true);
}

/// <summary>Changes which databases a generation serves, while it runs.</summary>
/// <remarks>
/// Every version of the list is a file of its own, made by a link that fails when the version exists: of two writers
/// one wins and the other begins again from what it finds. Nobody holds a lock, so a frozen writer stops nobody, and
/// when it wakes its version is taken or its epoch too low.
/// </remarks>
public sealed class TenantLists
{
    // A writer that read this many versions ago must still find the next one taken.
    private const int KeptVersions = 64;

    private readonly string _published;
    private readonly string _versions;
    private readonly OsUser? _reader;

    /// <param name="published">The file that the bridge reads.</param>
    /// <param name="reader">Who reads it; null for ourselves.</param>
    internal TenantLists(string published, OsUser? reader)
    {
        _published = published;
        _versions = published + ".versions";
        _reader = reader;
    }

    /// <summary>The newest list; empty when there is none.</summary>
    public TenantList Read() => Newest() is { } newest ? Read(newest) ?? Read() : TenantList.Empty;

    /// <summary>Makes the generation do this for the database from now on. Running requests and jobs are not touched.</summary>
    /// <exception cref="InvalidOperationException">The generation has been removed.</exception>
    /// <returns>False, and nothing changed, when a higher epoch has spoken for this database.</returns>
    public bool TrySet(string database, Service service, long epoch)
    {
        if (!Directory.Exists(Path.GetDirectoryName(_published)))
        {
            return service == Service.None
                ? true // a generation that is gone serves nobody
                : throw new InvalidOperationException($"{database} cannot be served: its generation is gone.");
        }

        Directory.CreateDirectory(_versions);
        while (true)
        {
            var now = Read();
            if (now.Epochs.GetValueOrDefault(database) > epoch)
            {
                return false;
            }

            var next = With(now, database, service, epoch);
            if (
                next is null
                || AtomicFile.TryCreate(FileOf(next.Version), JsonSerializer.Serialize(next, JsonSerializerOptions.Web))
            )
            {
                Publish();
                return true;
            }
        }
    }

    /// <summary>The same for a tenant of an upgrade.</summary>
    /// <exception cref="StaleEpochException">A higher epoch has spoken for this tenant; nothing was changed.</exception>
    internal void Set(UpgradeTarget target, Service service, long epoch)
    {
        if (!TrySet(target.Database, service, epoch))
        {
            throw new StaleEpochException(target.Tenant, epoch);
        }
    }

    /// <summary>Writes the file for the bridge, also when nothing is served yet: without it the bridge does not start.</summary>
    internal void Publish()
    {
        Directory.CreateDirectory(_versions);
        TenantList shown;
        do
        {
            shown = Read();
            AtomicFile.Write(_published, JsonSerializer.Serialize(shown, JsonSerializerOptions.Web), _reader);
        } while (Read().Version != shown.Version); // somebody was quicker: theirs is the newer one

        foreach (var old in Versions().Where(version => version < shown.Version - KeptVersions))
        {
            File.Delete(FileOf(old));
        }
    }

    private static TenantList? With(TenantList now, string database, Service service, long epoch)
    {
        var next = now with
        {
            Version = now.Version + 1,
            Web = service.Web ? now.Web.Add(database) : now.Web.Remove(database),
            Cron = service.Cron ? now.Cron.Add(database) : now.Cron.Remove(database),
            Epochs = now.Epochs.SetItem(database, epoch),
        };
        var same =
            next.Web.SetEquals(now.Web)
            && next.Cron.SetEquals(now.Cron)
            && now.Epochs.GetValueOrDefault(database) == epoch;
        return same ? null : next;
    }

    private TenantList? Read(long version) =>
        AtomicFile.Read(FileOf(version)) is { } text
            ? JsonSerializer.Deserialize<TenantList>(text, JsonSerializerOptions.Web)
            : null; // a newer one has taken its place meanwhile

    private long? Newest() => Versions().Select(version => (long?)version).Max();

    private IEnumerable<long> Versions() =>
        Directory.Exists(_versions)
            ? Directory
                .EnumerateFiles(_versions, "*.json")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Where(name => name.Length > 0 && name.All(char.IsAsciiDigit))
                .Select(name => long.Parse(name, CultureInfo.InvariantCulture))
            : [];

    private string FileOf(long version) =>
        Path.Combine(_versions, string.Create(CultureInfo.InvariantCulture, $"{version}.json"));
}
