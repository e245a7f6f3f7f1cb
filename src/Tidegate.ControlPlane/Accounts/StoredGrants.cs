using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>Grants as JSON, for what is stored with a token.</summary>
internal static class StoredGrants
{
    public static string Write(ImmutableArray<Grant> grants) =>
        StoredJson.Write(
            grants.Select(grant => new Part(
                grant.Role.Name,
                [.. grant.Scope.Environments],
                grant.Scope.Tags?.ToString()
            ))
        );

    public static ImmutableArray<Grant> Read(string json, string who) =>
        [
            .. StoredJson
                .Read<Part[]>(json)
                .Select(part => Read("", who, part.Role, part.Environments, part.Tags))
                .OfType<Grant>(),
        ];

    /// <summary>Null for a role that this version does not know: it allows nothing.</summary>
    public static Grant? Read(string id, string who, string role, string[] environments, string? tags) =>
        Roles.Find(role) is { } known
            ? new(id, who, known, new([.. environments], tags is null ? null : TagExpression.Parse(tags)))
            : null;

    private sealed record Part(string Role, string[] Environments, string? Tags);
}
