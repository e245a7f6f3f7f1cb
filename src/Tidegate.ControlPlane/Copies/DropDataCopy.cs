using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Copies;

/// <summary>Asks a site's server to drop a copy. It writes the ledger itself: with tenant and place.</summary>
/// <param name="OnlyExpired">Leave it when its time was put off meanwhile.</param>
public sealed record DropDataCopy(CopyId Copy, string? Reason, bool OnlyExpired)
{
    public static readonly SiteRequestKind<DropDataCopy, DropDataCopyResult> Kind = new("drop-copy");
}

/// <summary>What came of an order to drop a copy.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "result")]
[JsonDerivedType(typeof(Dropped), "dropped")]
[JsonDerivedType(typeof(Unknown), "unknown")]
[JsonDerivedType(typeof(Held), "held")]
public abstract record DropDataCopyResult
{
    private DropDataCopyResult() { }

    public sealed record Dropped(string Tenant, long FreedBytes) : DropDataCopyResult;

    /// <summary>There is no such copy any more.</summary>
    public sealed record Unknown : DropDataCopyResult;

    /// <summary>It stays; <paramref name="Reason"/> says why.</summary>
    public sealed record Held(string Reason) : DropDataCopyResult;
}

/// <summary>Drops copies of this server's site.</summary>
public sealed class DropDataCopyHandler(ISiteCopies site, CopyStore store, TimeProvider clock)
    : SiteRequestHandler<DropDataCopy, DropDataCopyResult>(DropDataCopy.Kind)
{
    protected override async Task<DropDataCopyResult> AnswerAsync(
        DropDataCopy request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(request.Copy, cancellationToken) is not { } copy || copy.What.Site != claimed.Site)
        {
            return new DropDataCopyResult.Unknown();
        }

        var work = await store.WorkAsync(claimed.Site, cancellationToken);
        if (Refusal(copy, work, request.OnlyExpired) is { } refusal)
        {
            return new DropDataCopyResult.Held(refusal);
        }

        await store.IntendToDropAsync(copy, claimed.Actor, request.Reason, cancellationToken);
        if (await site.DropAsync(copy, claimed.Epoch, cancellationToken) is { } obstacle)
        {
            return new DropDataCopyResult.Held(obstacle);
        }

        // What has happened is recorded, also when the lease was lost meanwhile.
        await store.ForgetAsync(copy.Id, claimed.Actor, request.Reason, CancellationToken.None);
        return new DropDataCopyResult.Dropped(copy.What.Tenant.Value, copy.What.Bytes);
    }

    private string? Refusal(DataCopy copy, SiteWork work, bool onlyExpired) =>
        copy.IsInUse ? $"job {copy.What.Job} works on it; tidegate job watch {copy.What.Job}"
        : copy.What.Kind is CopyKind.Staging && work.Tenants.Contains(copy.Place)
            ? $"database {copy.Place} serves as a tenant; tidegate tenant refresh gives it other data"
        : onlyExpired && !(copy.What.ExpiresAt <= clock.GetUtcNow()) ? "it was put off meanwhile"
        : copy.What.Database is { } database && work.Tenants.Contains(database)
            ? $"database {database} is a tenant's own by now"
        // Evidence lies in folders that bear tenants' names; filestores those of databases.
        : copy.What is { Kind: not CopyKind.Export, Folder: { } folder }
        && work.Tenants.Contains(Path.GetFileName(folder))
            ? $"folder {folder} is a tenant's own by now"
        : null;
}
