using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Drift;

/// <summary>The parts of live state that are read, and may be unreadable, each for itself. Stored by name.</summary>
public enum DriftAspect
{
    /// <summary>Databases, roles and their rights.</summary>
    Rights,

    /// <summary>Processes, their options, and the release's files.</summary>
    Generation,

    /// <summary>The gateway's routes and the bridge's lists.</summary>
    Route,

    /// <summary>Installed modules.</summary>
    Modules,
}

public static class DriftAspectWords
{
    /// <summary>As it is stored and shown.</summary>
    public static string Word(this DriftAspect aspect) =>
        aspect switch
        {
            DriftAspect.Rights => "rights",
            DriftAspect.Generation => "generation",
            DriftAspect.Route => "route",
            DriftAspect.Modules => "modules",
        };
}

/// <summary>The step that makes a difference go away.</summary>
public enum Remedy
{
    /// <summary>A person.</summary>
    None,

    Rights,

    /// <summary>Ends and starts processes: users wait some seconds.</summary>
    Generation,

    Route,
}

/// <summary>One kind of difference.</summary>
/// <param name="Name">Stable, for programs.</param>
/// <param name="Says">What it means, for people: "PostgreSQL lets somebody in".</param>
/// <param name="Next">What a person does who does not want it healed, or must do where it cannot be.</param>
public sealed record DriftCode(string Name, DriftAspect Aspect, Remedy Remedy, string Says, string Next)
{
    private const string Declare = "declare it in the fleet where it is meant to stay";
    private const string Alone = "find out who did it; Tidegate does not change it by itself";

    public static readonly DriftCode DatabaseMissing = new(
        "database-missing",
        DriftAspect.Rights,
        Remedy.None,
        "the tenant's database is gone",
        "restore it from a backup, or take the tenant out of the fleet"
    );

    public static readonly DriftCode DatabaseOwner = Right("database-owner", "the database belongs to somebody else");

    public static readonly DriftCode DatabaseClosed = Right("database-closed", "the database lets nobody in");

    public static readonly DriftCode DatabaseTemplate = Right(
        "database-template",
        "everybody who may create databases can copy the database"
    );

    public static readonly DriftCode RightMissing = Right("right-missing", "the serving generation lacks a right");

    public static readonly DriftCode RightExtra = Right("right-extra", "somebody may connect who should not");

    public static readonly DriftCode MemberMissing = Right(
        "member-missing",
        "the serving generation does not own the tenant's tables"
    );

    public static readonly DriftCode MemberExtra = Right(
        "member-extra",
        "somebody owns the tenant's tables who should not"
    );

    public static readonly DriftCode RoleSetting = Right(
        "role-setting",
        "a role of the pool has other settings in the database"
    );

    public static readonly DriftCode RoleAttributes = new(
        "role-attributes",
        DriftAspect.Rights,
        Remedy.None,
        "a role of the pool may do more than it should",
        "take it back as PostgreSQL's superuser: ALTER ROLE … NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    );

    public static readonly DriftCode SiteMember = new(
        "site-member",
        DriftAspect.Rights,
        Remedy.None,
        "somebody is a member of the site's role and passes every fence",
        "take it back as PostgreSQL's superuser: REVOKE tidegate_site FROM …"
    );

    public static readonly DriftCode GenerationMissing = new(
        "generation-missing",
        DriftAspect.Generation,
        Remedy.None,
        "the generation that serves tenants is not there",
        "apply the fleet again, or take the tenants to another release and back"
    );

    public static readonly DriftCode GenerationDigest = Running(
        "generation-digest",
        "a process runs another release's files"
    );

    public static readonly DriftCode GenerationArguments = Running(
        "generation-arguments",
        "a process was started with other arguments"
    );

    public static readonly DriftCode GenerationOption = Running(
        "generation-option",
        "an option of Odoo is not the one that the generation was made with"
    );

    public static readonly DriftCode GenerationStale = Running(
        "generation-stale",
        "the option file was written after the process had read it"
    );

    public static readonly DriftCode OptionsBehind = new(
        "options-behind",
        DriftAspect.Generation,
        Remedy.None,
        "the fleet asks for an option that the generation was not made with",
        "nothing: the next release's generation has it"
    );

    public static readonly DriftCode ReleaseTree = new(
        "release-tree",
        DriftAspect.Generation,
        Remedy.None,
        "files of the release were changed where they lie",
        $"{Alone}: build the release again from its source, roll it out under a new name, and remove this bundle"
    );

    public static readonly DriftCode RouteMissing = Routed("route-missing", "the gateway does not know the tenant");

    public static readonly DriftCode RouteGeneration = Routed("route-generation", "requests go to another generation");

    public static readonly DriftCode RouteDatabase = Routed("route-database", "requests go to another database");

    public static readonly DriftCode RouteHosts = Routed("route-hosts", "the gateway knows other host names");

    public static readonly DriftCode RoutePorts = Routed("route-ports", "requests go to other ports");

    public static readonly DriftCode RouteHeld = Routed("route-held", "users see the maintenance page");

    public static readonly DriftCode BridgeList = Routed("bridge-list", "Odoo was told otherwise what it serves");

    public static readonly DriftCode BridgeForeign = Routed(
        "bridge-foreign",
        "Odoo was told to serve a database that is no tenant's"
    );

    public static readonly DriftCode ModuleVersion = new(
        "module-version",
        DriftAspect.Modules,
        Remedy.None,
        "the database says another version of a module than its release has",
        $"{Alone}: roll out a release that updates the module, or write the version back"
    );

    public static readonly DriftCode ModuleForeign = new(
        "module-foreign",
        DriftAspect.Modules,
        Remedy.None,
        "a module is installed that the release does not bring",
        $"{Alone}: add the module to the next release, or uninstall it"
    );

    /// <summary>All there are.</summary>
    public static ImmutableArray<DriftCode> All { get; } =
    [
        DatabaseMissing,
        DatabaseOwner,
        DatabaseClosed,
        DatabaseTemplate,
        RightMissing,
        RightExtra,
        MemberMissing,
        MemberExtra,
        RoleSetting,
        RoleAttributes,
        SiteMember,
        GenerationMissing,
        GenerationDigest,
        GenerationArguments,
        GenerationOption,
        GenerationStale,
        OptionsBehind,
        ReleaseTree,
        RouteMissing,
        RouteGeneration,
        RouteDatabase,
        RouteHosts,
        RoutePorts,
        RouteHeld,
        BridgeList,
        BridgeForeign,
        ModuleVersion,
        ModuleForeign,
    ];

    /// <summary>The code of that name; null for one that a newer Tidegate stored.</summary>
    public static DriftCode? Find(string name) => All.FirstOrDefault(code => code.Name == name);

    public bool IsHealable => Remedy is not Remedy.None;

    public override string ToString() => Name;

    private static DriftCode Right(string name, string says) =>
        new(name, DriftAspect.Rights, Remedy.Rights, says, Declare);

    private static DriftCode Running(string name, string says) =>
        new(name, DriftAspect.Generation, Remedy.Generation, says, Declare);

    private static DriftCode Routed(string name, string says) =>
        new(name, DriftAspect.Route, Remedy.Route, says, Declare);
}
