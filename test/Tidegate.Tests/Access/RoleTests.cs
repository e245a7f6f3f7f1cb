using System.Reflection;
using Tidegate.ControlPlane.Access;

namespace Tidegate.Tests.Access;

public sealed class RoleTests
{
    private static IReadOnlyList<Permission> All { get; } =
    [
        .. typeof(Permission)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<Permission>(),
    ];

    [Fact]
    public void Every_permission_is_some_roles_or_says_that_it_is_none()
    {
        var held = Roles
            .All.SelectMany(role => role.Anywhere.Concat(role.OutsideProduction))
            .Concat(Roles.OfNoRole)
            .ToHashSet();

        Assert.DoesNotContain(All, permission => !held.Contains(permission));
        Assert.Equal(All.Count, All.Select(permission => permission.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void No_role_has_what_is_of_none() =>
        Assert.DoesNotContain(
            Roles.OfNoRole,
            permission => Roles.All.Any(role => role.Has(permission, inProduction: false))
        );

    [Fact]
    public void Approving_does_not_include_starting()
    {
        Assert.False(Roles.Approver.Has(Permission.StartRollouts, inProduction: false));
        Assert.False(Roles.Approver.Has(Permission.StartPromotions, inProduction: false));
        Assert.Equal(
            ["approval.give", "approval.delegate", "emergency.second", "emergency.close"],
            Changing(Roles.Approver)
        );
    }

    [Fact]
    public void Who_manages_access_may_change_nothing_else_but_how_long_the_ledger_keeps_what_entries_say() =>
        Assert.Equal(["access.change", "ledger.retention"], Changing(Roles.Administrator));

    [Fact]
    public void Who_may_change_anything_else_does_not_manage_access() =>
        Assert.DoesNotContain(
            Roles.All,
            role => role != Roles.Administrator && role.Has(Permission.ChangeAccess, inProduction: false)
        );

    [Fact]
    public void Who_sees_and_who_audits_may_change_nothing()
    {
        Assert.Empty(Changing(Roles.Viewer));
        Assert.Empty(Changing(Roles.Auditor));
    }

    [Fact]
    public void A_developer_changes_nothing_in_production_but_makes_releases() =>
        Assert.Equal(
            ["release.probe", "release.register", "release.validate", "source.sync"],
            Roles
                .Developer.Anywhere.Where(IsChanging)
                .Select(permission => permission.Name)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_page_shows_what_the_code_says()
    {
        var page = File.ReadAllLines(FindPage());

        Assert.Equal(Table(), page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Table() =>
        All.Except(Roles.OfNoRole)
            .OrderBy(permission => permission.Name, StringComparer.Ordinal)
            .Select(permission =>
                $"| `{permission.Name}` | {string.Join(" | ", Roles.All.Select(role => Cell(role, permission)))} |"
            );

    private static string Cell(Role role, Permission permission) =>
        role.Has(permission, inProduction: true) ? "yes"
        : role.Has(permission, inProduction: false) ? "outside production"
        : "";

    private static IEnumerable<string> Changing(Role role) =>
        role.Anywhere.Concat(role.OutsideProduction).Where(IsChanging).Select(permission => permission.Name);

    private static string FindPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder.FullName, "Tidegate.slnx")))
        {
            folder =
                folder.Parent ?? throw new DirectoryNotFoundException("There is no Tidegate.slnx above the tests.");
        }

        return Path.Join(folder.FullName, "docs", "access.md");
    }

    private static bool IsChanging(Permission permission) =>
        !permission.Name.EndsWith(".read", StringComparison.Ordinal) && permission != Permission.PriceRestores;
}
