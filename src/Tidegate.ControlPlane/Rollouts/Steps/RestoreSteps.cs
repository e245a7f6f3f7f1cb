using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The tenant is fenced: what it loses by going back is counted exactly, exported, and compared with what was accepted.</summary>
public sealed record MeasureLoss(RestoreSource Source, WrittenSince Since, LossAcceptance Accepted) : Step;

/// <summary>The restored database is the tenant's <c>__next</c>: with its rights, its files, and every number that was given out behind it.</summary>
public sealed record Adopt(RestoreSource Source) : Step
{
    /// <summary>It is another tenant's copy: the numbers that this one has given out are none of its own, and are not raised to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCopy { get; init; }
}

/// <summary>The way back of <see cref="Adopt"/>: a checkpoint has its own name again; what was restored for this alone is gone.</summary>
public sealed record ReturnSource(RestoreSource Source) : Step;

/// <summary>A database that waits beside the tenant's to take its place.</summary>
/// <param name="Database">Its name until it is adopted.</param>
/// <param name="Checkpoint">The upgrade that left it; null when it was restored from elsewhere.</param>
/// <param name="Files">Folder below the site's home that has files which the tenant may lack by now; null when there is none.</param>
public sealed record RestoreSource(string Database, long Oid, UpgradeId? Checkpoint, string? Files);

/// <summary>From when on what was written is lost.</summary>
/// <param name="Transaction">Transactions of the site's cluster with a higher number wrote after it; null when none is known.</param>
/// <param name="Upgraded">A number as <paramref name="Transaction"/>, of the last change of release since the point; what that changed is no loss. Null when there was none.</param>
public sealed record WrittenSince(
    DateTimeOffset Point,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Transaction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Upgraded = null
)
{
    /// <summary>What the counter of mails stood at; null when nobody noted it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MailMark? Mails { get; init; }
}

/// <summary>Odoo deletes mails that it has sent: so they are counted by the numbers that were given out.</summary>
/// <param name="Given">The last number that was given out.</param>
/// <param name="Queued">How many waited to be sent.</param>
public sealed record MailMark(long Given, long Queued);

/// <summary>What somebody has accepted beforehand.</summary>
/// <param name="Rows">The most rows of business documents; null for any number.</param>
/// <param name="WhatLeft">Also that payments were captured and e-invoices cleared.</param>
public sealed record LossAcceptance(long? Rows, bool WhatLeft)
{
    /// <summary>Nothing: good inside the safe-write window only.</summary>
    public static readonly LossAcceptance None = new(0, false);
}
