using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>The modules that Odoo would load from a database.</summary>
/// <param name="Series">That of the module base: <c>19.0</c>.</param>
/// <param name="Names">A module after those that it depends on.</param>
internal sealed record InstalledModules(string Series, ImmutableArray<string> Names)
{
    public static async Task<InstalledModules> ReadAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var names = await session.QueryAsync(Query, [], row => row.GetString(0), cancellationToken);
        var version = await session.ScalarAsync<string>(
            "select latest_version::text from ir_module_module where name = 'base'",
            [],
            cancellationToken
        );
        return new(string.Join('.', (version ?? "?").Split('.').Take(2)), names);
    }

    public bool Have(string module) => Names.Contains(module, StringComparer.Ordinal);

    private const string Query = """
        with recursive loaded as (
            select id, name::text from ir_module_module where state in ('installed', 'to upgrade', 'to remove')
        ), depth(name, depth) as (
            select name, 0 from loaded
            union
            select l.name, depth.depth + 1
              from depth
              join ir_module_module_dependency d on d.name = depth.name
              join loaded l on l.id = d.module_id
             where depth.depth < 200)
        select name from depth group by name order by max(depth), name
        """;
}
