using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>Work that asks for approval, as requirements choose by it.</summary>
/// <param name="Risk"><c>low</c>, <c>normal</c>, <c>high</c>.</param>
/// <param name="Class"><c>A</c> to <c>E</c>; null while nobody has proven it.</param>
/// <param name="Tags">Of each tenant that it reaches; null where they are not known: then each expression speaks of it.</param>
public sealed record ApprovalSubject(string Risk, string? Class, ImmutableArray<ImmutableHashSet<string>>? Tags)
{
    public bool IsMeantBy(ApprovalScope scope) =>
        (scope.Risks.IsEmpty || scope.Risks.Contains(Risk, StringComparer.Ordinal))
        && (scope.Classes.IsEmpty || Class is null || scope.Classes.Contains(Class, StringComparer.Ordinal))
        && (scope.Tags is not { } tags || Reaches(TagExpression.Parse(tags)));

    private bool Reaches(TagExpression tags) => Tags is not { } known || known.Any(tags.Matches);
}
