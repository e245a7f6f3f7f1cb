using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Where a tenant's data is to return to.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Checkpoint), "checkpoint")]
[JsonDerivedType(typeof(Time), "time")]
[JsonDerivedType(typeof(Lsn), "lsn")]
[JsonDerivedType(typeof(Backup), "backup")]
public abstract partial record RestoreTarget
{
    private RestoreTarget() { }

    /// <param name="Upgrade">The upgrade that left it; null for the newest.</param>
    public sealed record Checkpoint(UpgradeId? Upgrade) : RestoreTarget
    {
        public override string ToString() => Upgrade is { } id ? $"checkpoint:{id}" : "checkpoint";
    }

    /// <summary>The last transaction that had committed by then.</summary>
    public sealed record Time(DateTimeOffset At) : RestoreTarget
    {
        public override string ToString() => At.ToString("O", CultureInfo.InvariantCulture);
    }

    /// <summary>A position of the write-ahead log.</summary>
    public sealed record Lsn(string Value) : RestoreTarget
    {
        public override string ToString() => Value;
    }

    /// <summary>As a backup has it.</summary>
    /// <param name="Id">Of a backup of the tenant alone, <c>tb-…</c>, or the label of one of the site's whole cluster: then as soon as that is consistent.</param>
    public sealed record Backup(string Id) : RestoreTarget
    {
        public override string ToString() => $"backup:{Id}";
    }

    /// <summary>Reads what a person types; null when it is none of these. A time must say its distance from UTC: a shop's clock and a server's differ.</summary>
    public static RestoreTarget? Parse(string text)
    {
        if (text.Split(':', 2) is [var kind, var id] && id.Length > 0 && kind is "checkpoint" or "backup")
        {
            return kind is "checkpoint" ? new Checkpoint(new UpgradeId(id)) : new Backup(id);
        }

        if (text is "checkpoint")
        {
            return new Checkpoint(null);
        }

        if (LsnForm().IsMatch(text))
        {
            return new Lsn(text.ToUpperInvariant());
        }

        return
            TimeForm().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new Time(at)
            : null;
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LsnForm();

    [GeneratedRegex(
        @"\A\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TimeForm();
}
