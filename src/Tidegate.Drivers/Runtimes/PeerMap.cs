using System.Text;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>
/// Which OS user may be which PostgreSQL role: pg_hba.conf and pg_ident.conf. A pool's user may be its pool's
/// generations and migrator and nothing else. PostgreSQL 15 knows no pattern for a role, hence a line for each.
/// </summary>
internal static class PeerMap
{
    private const string Map = "tidegate";

    /// <summary>Everybody comes through the socket and is who the kernel says.</summary>
    public static string HostRules => $"# Written by Tidegate.\nlocal all all peer map={Map}\n";

    /// <summary>Writes the map for the generations that are wanted now. PostgreSQL takes it when it is told to reload.</summary>
    /// <param name="server">Whose the file is; null for ourselves.</param>
    public static void Write(SiteLayout layout, OsUser? server)
    {
        while (true)
        {
            var text = Text(Environment.UserName, GenerationFolder.AllWanted(layout), server?.Name);
            AtomicFile.Write(Path.Combine(layout.PostgresData, "pg_ident.conf"), text, server);
            if (
                string.Equals(
                    Text(Environment.UserName, GenerationFolder.AllWanted(layout), server?.Name),
                    text,
                    StringComparison.Ordinal
                )
            )
            {
                return; // else a generation came or went meanwhile
            }
        }
    }

    /// <param name="server">Who owns the cluster's files where we do not, and backs them up as its superuser.</param>
    internal static string Text(string us, IEnumerable<GenerationFolder> wanted, string? server = null)
    {
        var lines = wanted
            .SelectMany(Roles)
            .Concat(
                new[]
                {
                    SitePostgres.Superuser,
                    DatabaseNames.SiteRole,
                    DatabaseNames.ControlRole,
                    DatabaseNames.ServerRole,
                }.Select(role => (us, role))
            )
            .Concat(server is null ? [] : [(server, SitePostgres.Superuser)])
            .Distinct()
            .Order();
        var text = new StringBuilder("# Written by Tidegate.\n");
        foreach (var (user, role) in lines)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Map} \"{user}\" \"{role}\"\n");
        }

        return text.ToString();

        IEnumerable<(string User, string Role)> Roles(GenerationFolder generation)
        {
            var user = UserOf(generation.Pool, us);
            yield return (user, DatabaseNames.Generation(generation.Pool, generation.Digest));
            yield return (user, DatabaseNames.Migrator(generation.Pool));
        }
    }

    private static string UserOf(PoolName pool, string us) => Native.IsRoot ? OsUser.OfPool(pool) : us;
}
