using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.OdooTests.Cutover;

/// <summary>What must not be left of a rollout that has ended, whatever happened to it.</summary>
internal static class Leftovers
{
    /// <summary>No side cluster, no process and no folder of a job; databases and roles are not looked at.</summary>
    public static void AssertNoWork(WholeSite site)
    {
        Assert.DoesNotContain(
            new ProcessLauncher(site.Layout.Home, site.Layout.Run, TimeProvider.System).Names(),
            name =>
                name.StartsWith("rehearsal", StringComparison.Ordinal)
                || name.StartsWith("side.", StringComparison.Ordinal)
        );
        Assert.False(Directory.Exists(site.Layout.Rehearsals));
        Assert.True(
            !Directory.Exists(site.Layout.WorkFolder)
                || !Directory.EnumerateFileSystemEntries(site.Layout.WorkFolder).Any()
        );
    }

    /// <summary>One generation, one database with at most one checkpoint, no copy, no strange role, no hold, no folder without a database.</summary>
    public static async Task AssertNoneAsync(WholeSite site)
    {
        var databases = await site.ScalarAsync(
            "postgres",
            """
            select string_agg(datname, ' ' order by datname) from pg_database
             where datname like 'shop-%' and datname !~ '^shop-oslo(__old_[0-9a-f]{8})?$'
            """
        );
        Assert.Null(databases);
        Assert.InRange(
            int.Parse(
                (
                    await site.ScalarAsync(
                        "postgres",
                        "select count(*) from pg_database where datname like 'shop-oslo\\_\\_old%'"
                    )
                )!,
                System.Globalization.CultureInfo.InvariantCulture
            ),
            0,
            1
        );
        Assert.Equal(
            "1",
            await site.ScalarAsync("postgres", "select count(*) from pg_roles where rolname like 'gen\\_%'")
        );
        Assert.Equal("0", await site.ScalarAsync("postgres", "select count(*) from tidegate.copy"));
        Assert.Equal(
            ["shared"],
            site.Site.Status()
                .Processes.Where(process => process.Name.StartsWith("web.", StringComparison.Ordinal))
                .Select(_ => "shared")
        );
        Assert.Empty(await OrphanFoldersAsync(site));
    }

    private static async Task<IEnumerable<string>> OrphanFoldersAsync(WholeSite site)
    {
        var known = (await site.ScalarAsync("postgres", "select string_agg(oid::text, ' ') from pg_database"))!
            .Split(' ')
            .ToHashSet(StringComparer.Ordinal);
        return Directory
            .EnumerateDirectories(Path.Combine(new SiteLayout(site.Layout.Home).PostgresData, "base"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => name.All(char.IsAsciiDigit) && !known.Contains(name));
    }
}
