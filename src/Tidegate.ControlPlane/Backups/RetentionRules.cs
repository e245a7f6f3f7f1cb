namespace Tidegate.ControlPlane.Backups;

/// <summary>How many scheduled backups of a tenant are kept as they grow older.</summary>
/// <param name="Recent">Every one this young is kept.</param>
/// <param name="Daily">One of each of so many days.</param>
/// <param name="Weekly">One of each of so many weeks.</param>
/// <param name="Monthly">One of each of so many months.</param>
public sealed record RetentionRules(TimeSpan Recent, int Daily, int Weekly, int Monthly)
{
    public static RetentionRules Default { get; } = new(TimeSpan.FromDays(1), 14, 8, 12);
}
