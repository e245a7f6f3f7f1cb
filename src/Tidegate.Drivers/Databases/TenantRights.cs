namespace Tidegate.Drivers.Databases;

/// <summary>The statements that give a login role a tenant's database, and those that take it. One place, so that both sides match.</summary>
internal static class TenantRights
{
    /// <summary>CONNECT, and work as the tenant's owner role. Never CONNECT to the owner role: its members would have it too.</summary>
    public static IEnumerable<string> Give(string database, string owner, string role) =>
        [
            $"GRANT {Sql.Name(owner)} TO {Sql.Name(role)}",
            $"ALTER ROLE {Sql.Name(role)} IN DATABASE {Sql.Name(database)} SET role TO {Sql.Name(owner)}",
            $"GRANT CONNECT, TEMPORARY ON DATABASE {Sql.Name(database)} TO {Sql.Name(role)}",
        ];

    public static IEnumerable<string> Take(string database, string owner, string role) =>
        [
            $"REVOKE CONNECT ON DATABASE {Sql.Name(database)} FROM {Sql.Name(role)} CASCADE",
            .. Leftovers(database, role),
            $"REVOKE {Sql.Name(owner)} FROM {Sql.Name(role)}",
        ];

    /// <summary>What a role of a pool has beside CONNECT.</summary>
    public static IEnumerable<string> Leftovers(string database, string role) =>
        [
            $"REVOKE ALL ON DATABASE {Sql.Name(database)} FROM {Sql.Name(role)} CASCADE",
            $"ALTER ROLE {Sql.Name(role)} IN DATABASE {Sql.Name(database)} RESET ALL",
        ];
}
