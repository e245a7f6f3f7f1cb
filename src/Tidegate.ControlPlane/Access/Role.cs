using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Access;

/// <summary>What somebody is for: a fixed set of permissions. What is not in it the role does not have, whatever else it has.</summary>
/// <param name="Name">As grants and people write it: <c>release-manager</c>.</param>
/// <param name="Anywhere">Wherever a grant of the role reaches.</param>
/// <param name="OutsideProduction">There too, but in no production environment.</param>
public sealed record Role(
    string Name,
    ImmutableArray<Permission> Anywhere,
    ImmutableArray<Permission> OutsideProduction
)
{
    /// <summary>Whether the role has it in a place.</summary>
    public bool Has(Permission permission, bool inProduction) =>
        Anywhere.Contains(permission) || (!inProduction && OutsideProduction.Contains(permission));

    public override string ToString() => Name;
}
