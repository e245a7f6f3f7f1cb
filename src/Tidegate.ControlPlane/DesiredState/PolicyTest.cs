using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState;

/// <summary>The name of a file of cases: <see cref="NameRules"/>.</summary>
[JsonConverter(typeof(NameConverter<PolicyTestName>))]
public readonly record struct PolicyTestName(string Value) : IName<PolicyTestName>
{
    public static PolicyTestName Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>What a fleet's people expect of its policies and calendars. Nothing that runs depends on it.</summary>
/// <param name="Name">The stem of its file, <c>policy-tests/NAME.yaml</c>.</param>
public sealed record PolicyTest(PolicyTestName Name, ImmutableArray<PolicyCase> Cases) : INamed<PolicyTestName>;

/// <summary>One start that somebody thinks of, and what is expected of it. What is not said stands in nobody's way.</summary>
/// <param name="Name">One line, for people.</param>
/// <param name="At">When it would start, as it is written: <see cref="Schema.CaseTime"/>.</param>
public sealed record PolicyCase(string Name, EnvironmentName Environment, string At)
{
    /// <summary>Who would start: the environment's tenants that fit all of what is said of them.</summary>
    public ImmutableArray<TenantName> Tenants { get; init; } = [];

    public PoolName? Pool { get; init; }

    /// <summary><see cref="TagExpression"/>.</summary>
    public string? Tags { get; init; }

    public StartKind Kind { get; init; } = StartKind.Automatic;

    /// <summary>Who asks for it, and who starts it.</summary>
    public ImmutableArray<string> By { get; init; } = [];

    public CaseRelease Release { get; init; } = new();

    public CaseWorld Given { get; init; } = new();

    public ImmutableArray<CaseApproval> Approvals { get; init; } = [];

    public ImmutableArray<CaseDelegation> Delegations { get; init; } = [];

    /// <summary>Null for an ordinary start.</summary>
    public CaseEmergency? Emergency { get; init; }

    public CaseExpectation Expect { get; init; } = new();

    /// <summary>Where it begins in its file.</summary>
    public int Line { get; init; } = 1;
}

/// <summary>What is known of the release.</summary>
public sealed record CaseRelease
{
    /// <summary>One of the fleet's: its file says risk and security fix where the case does not.</summary>
    public ReleaseName? Name { get; init; }

    /// <summary>Null where nobody knows it.</summary>
    public string? Class { get; init; }

    public ReleaseRisk? Risk { get; init; }

    /// <summary>What it closes; null where it is no security fix.</summary>
    public string? Security { get; init; }

    /// <summary>Who wrote what it brings, by name, account, address or key.</summary>
    public ImmutableArray<string> Authors { get; init; } = [];

    /// <summary>Neither signature nor forge tells who wrote it.</summary>
    public bool Unproven { get; init; }
}

/// <summary>How the environment and those before it are at that instant.</summary>
public sealed record CaseWorld
{
    /// <summary>How long the release has been verified upstream; null is long enough.</summary>
    public TimeSpan? Soaked { get; init; }

    /// <summary>It is verified in no environment upstream.</summary>
    public bool Unverified { get; init; }

    /// <summary>A rollout of another release runs.</summary>
    public bool Running { get; init; }

    /// <summary>The review of an emergency is open.</summary>
    public bool ReviewOpen { get; init; }

    /// <summary>How long a tenant needs, with the reserve for the way back.</summary>
    public TimeSpan Need { get; init; }

    /// <summary>How many tenants have started in the present opening of each window.</summary>
    public int Started { get; init; }

    /// <summary>Tenants that have begun and not ended.</summary>
    public ImmutableArray<TenantName> AtRisk { get; init; } = [];

    public CaseGates Gates { get; init; } = new();
}

/// <summary>What gates found whose facts are measured elsewhere. What is not said has passed.</summary>
public sealed record CaseGates
{
    /// <summary>Their names, as people read them.</summary>
    public static ImmutableArray<string> Names { get; } =
    ["validation", "capability", "configuration", "parity", "protected", "drilled"];

    /// <summary>By the gate's name.</summary>
    public ImmutableSortedDictionary<string, GateVerdict> Verdicts { get; init; } =
        ImmutableSortedDictionary<string, GateVerdict>.Empty;

    public GateVerdict Of(string gate) => Verdicts.GetValueOrDefault(gate, GateVerdict.Pass);
}

/// <summary>Something that somebody has said of the plan.</summary>
/// <param name="By">A person's name or account.</param>
/// <param name="At">When; null is when it would start.</param>
/// <param name="Rejects">It was a no.</param>
public sealed record CaseApproval(string By, string? At, bool Rejects)
{
    /// <summary>A service account said it, of that name.</summary>
    public bool IsService { get; init; }
}

/// <summary>That somebody may agree in another's place.</summary>
/// <param name="From">Whose place it is: a person's name or account. So is <paramref name="To"/>.</param>
/// <param name="Begins">Null is long before. So is, for long after, <paramref name="Ends"/>.</param>
public sealed record CaseDelegation(string From, string To, string? Begins, string? Ends);

/// <summary>That it is an emergency.</summary>
public sealed record CaseEmergency
{
    /// <summary>What it names: gates, and rules of calendars with their whole names.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>How long it may last; null is as long as one lasts that does not say.</summary>
    public TimeSpan? Lasts { get; init; }
}

/// <summary>What is expected; of null nothing is.</summary>
public sealed record CaseExpectation
{
    /// <summary>Whether each of the tenants may start.</summary>
    public bool? Start { get; init; }

    /// <summary>Exactly what keeps it: gates, rules of calendars, limits.</summary>
    public ImmutableArray<string>? Held { get; init; }

    /// <summary>Exactly who is still missing.</summary>
    public ImmutableArray<CaseMissing>? Missing { get; init; }

    /// <summary>When calendars let it start: an instant, or <see cref="Never"/>.</summary>
    public string? Opens { get; init; }

    /// <summary>Whether an emergency asks for a second person.</summary>
    public bool? Second { get; init; }

    public TimeSpan? Soak { get; init; }

    public TimeSpan? Bake { get; init; }

    public CaseLimits? Limits { get; init; }

    /// <summary>Not within sight.</summary>
    public const string Never = "never";
}

/// <summary>A requirement that is not met.</summary>
/// <param name="Requirement">Its name in the policy.</param>
/// <param name="Count">How many more have to agree.</param>
/// <param name="From">Exactly who could bring it further by agreeing now; null is not asked.</param>
public sealed record CaseMissing(string Requirement, int Count, ImmutableArray<string>? From)
{
    /// <summary>Stands for the one more that is asked for where nobody can tell who wrote it.</summary>
    public const string AuthorsUnknown = "authors unknown";
}

/// <summary>What no rollout goes beyond; of null nothing is expected.</summary>
public sealed record CaseLimits
{
    public int? Concurrency { get; init; }

    public int? FailureBudget { get; init; }

    public int? Tenants { get; init; }

    public int? Stores { get; init; }

    public int? Revenue { get; init; }
}
