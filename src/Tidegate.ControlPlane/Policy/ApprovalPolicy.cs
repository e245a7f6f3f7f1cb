using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Policy;

/// <summary>Who has to agree before work begins. Without a requirement nobody is asked.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>For how long an approval counts when nothing else is said.</summary>
    public static readonly TimeSpan DefaultExpiry = TimeSpan.FromHours(72);

    /// <summary>All that apply have to be met at once, and nobody counts for two.</summary>
    public ImmutableArray<ApprovalRequirement> Requirements { get; init; } = [];

    /// <summary>How long an approval counts after it was given.</summary>
    public TimeSpan Expiry { get; init; } = DefaultExpiry;

    /// <summary>How many rows of business documents the way back from an approved plan may cost without a further word.</summary>
    public int LossLimit { get; init; }

    /// <summary>The people and groups of the fleet's root, as they were when this was taken from git.</summary>
    public People People { get; init; } = People.Nobody;

    [JsonIgnore]
    public bool AsksNothing => Requirements.IsEmpty;
}

/// <summary>So many of these people have to agree.</summary>
/// <param name="Name">What it is called, for people: <c>shop-managers</c>, <c>two pairs of eyes</c>.</param>
public sealed record ApprovalRequirement(string Name)
{
    /// <summary>How many of them.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Groups and people by name; any of their members.</summary>
    public ImmutableArray<string> From { get; init; } = [];

    /// <summary>Groups and people of each of which at least one must be among those that agree.</summary>
    public ImmutableArray<string> Including { get; init; } = [];

    /// <summary>Of what it speaks.</summary>
    public ApprovalScope When { get; init; } = new();
}

/// <summary>Of which work a requirement speaks. What is empty is not asked.</summary>
public sealed record ApprovalScope
{
    /// <summary>Of the release, as its makers say.</summary>
    public ImmutableArray<string> Risks { get; init; } = [];

    /// <summary>Of the release, as rehearsals proved it. One that nobody proved belongs to each.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>An expression over tenants' tags: it speaks of work that reaches such a tenant. Null where tags are not asked.</summary>
    public string? Tags { get; init; }
}
