using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Drift;

/// <summary>Compares the rights on a tenant's database with those that its serving generation should have. Pure.</summary>
public static class RightsComparison
{
    private const string Nobody = "nobody";
    private const string Granted = "granted";
    private const string NotGranted = "not granted";

    /// <param name="found">Null when the cluster has no database of that name.</param>
    public static IEnumerable<Difference> Of(ExpectedTenant tenant, LiveDatabase? found)
    {
        if (found is null)
        {
            return [One(DriftCode.DatabaseMissing, tenant.Database, "exists", "there is none")];
        }

        return
        [
            .. Where(found.Owner != RoleNames.Site, DriftCode.DatabaseOwner, "owner", RoleNames.Site, found.Owner),
            .. Where(!found.IsOpen, DriftCode.DatabaseClosed, "ALLOW_CONNECTIONS", "true", "false"),
            .. Where(found.IsTemplate, DriftCode.DatabaseTemplate, "IS_TEMPLATE", "false", "true"),
            .. tenant
                .Rights.Where(right => !found.Rights.Contains(right))
                .Select(right => One(DriftCode.RightMissing, right, Granted, NotGranted)),
            .. found
                .Rights.Where(right =>
                    !tenant.Rights.Contains(right, StringComparer.Ordinal) && !IsDeclared(tenant, right)
                )
                .Select(right => One(DriftCode.RightExtra, right, NotGranted, Granted)),
            .. Where(
                !found.Members.Contains(tenant.GenerationRole),
                DriftCode.MemberMissing,
                $"{tenant.GenerationRole} in {tenant.OwnerRole}",
                "member",
                "no member"
            ),
            .. found
                .Members.Where(member =>
                    member != tenant.GenerationRole && !tenant.ExternalRoles.Contains(member, StringComparer.Ordinal)
                )
                .Select(member => One(DriftCode.MemberExtra, $"{member} in {tenant.OwnerRole}", "no member", "member")),
            .. Settings(tenant, found),
        ];

        Difference One(DriftCode code, string item, string expected, string was) =>
            new(tenant.Subject, tenant.Environment, code, item, expected, was);

        IEnumerable<Difference> Where(bool differs, DriftCode code, string item, string expected, string was) =>
            differs ? [One(code, item, expected, was)] : [];
    }

    /// <summary>The role that a line of rights, or of settings, speaks of.</summary>
    public static string RoleOf(string line) => line[(line.LastIndexOf(" of ", StringComparison.Ordinal) + 4)..];

    /// <summary>By role, so that another value of the one setting is one difference.</summary>
    private static IEnumerable<Difference> Settings(ExpectedTenant tenant, LiveDatabase found)
    {
        var live = found.Settings.ToLookup(RoleOf, StringComparer.Ordinal);
        return live.Select(role => role.Key)
            .Append(tenant.GenerationRole)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(role =>
                (
                    Role: role,
                    Expected: role == tenant.GenerationRole ? $"role={tenant.OwnerRole}" : Nobody,
                    Found: Text(live[role])
                )
            )
            .Where(setting => setting.Expected != setting.Found)
            .Select(setting => new Difference(
                tenant.Subject,
                tenant.Environment,
                DriftCode.RoleSetting,
                $"settings of {setting.Role}",
                setting.Expected is Nobody ? "none" : setting.Expected,
                setting.Found is Nobody ? "none" : setting.Found
            ));
    }

    private static string Text(IEnumerable<string> settings)
    {
        var text = string.Join(
            ", ",
            settings.Select(line => line[..line.LastIndexOf(" of ", StringComparison.Ordinal)])
        );
        return text.Length == 0 ? Nobody : text;
    }

    private static bool IsDeclared(ExpectedTenant tenant, string right) =>
        tenant.ExternalRoles.Contains(RoleOf(right), StringComparer.Ordinal);
}
