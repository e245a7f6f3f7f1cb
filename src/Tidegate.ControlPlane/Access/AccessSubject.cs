namespace Tidegate.ControlPlane.Access;

/// <summary>What a request is about, as it names it.</summary>
/// <param name="Name">Null where the kind says all.</param>
public sealed record AccessSubject(SubjectKind Kind, string? Name = null)
{
    /// <summary>What a route is about that declares nothing.</summary>
    public static AccessSubject Everything { get; } = new(SubjectKind.Everything);

    public static AccessSubject NoShop { get; } = new(SubjectKind.NoShop);

    public static AccessSubject Environment(string name) => new(SubjectKind.Environment, name);

    public static AccessSubject Tenant(string name) => new(SubjectKind.Tenant, name);
}

/// <summary>What a name in a request names.</summary>
public enum SubjectKind
{
    /// <summary>The whole fleet.</summary>
    Everything,

    /// <summary>Something that is no shop's: a release, one's own account.</summary>
    NoShop,

    /// <summary>An environment with all its tenants.</summary>
    Environment,
    Tenant,

    /// <summary>Its environment is what is meant.</summary>
    Pool,

    /// <summary>Its environment is what is meant.</summary>
    Rollout,

    /// <summary>The environment that the work is for.</summary>
    Approval,

    /// <summary>The environment of its rollout.</summary>
    Emergency,

    /// <summary>The tenant that it is about, or everything.</summary>
    Job,
    Copy,
    Checkpoint,
    TenantBackup,
    Rehearsal,

    /// <summary>The tenant that it was played with, or everything.</summary>
    Drill,
}
