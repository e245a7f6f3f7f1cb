using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>How files name tenants by their tags.</summary>
internal static class TagsKind
{
    /// <summary><see cref="TagExpression"/>.</summary>
    public static readonly ReadTextKind Expression = new(
        "tags of tenants with and, or, not and parentheses, like spain and (vip or flagship)",
        500,
        text => TagExpression.Parse(text)
    );
}
