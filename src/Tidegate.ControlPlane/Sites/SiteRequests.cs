using System.Globalization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Sites;

/// <summary>Asks the server of a site, its own or another, and waits for the answer.</summary>
public sealed class SiteRequests(SiteRequestStore store, SiteStore sites, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <param name="bound">How long to wait. A site that no living server serves is not waited for.</param>
    public async Task<SiteAnswer<TAnswer>> AskAsync<TRequest, TAnswer>(
        SiteRequestKind<TRequest, TAnswer> kind,
        SiteRequest<TRequest> request,
        TimeSpan bound,
        CancellationToken cancellationToken
    )
    {
        var known = await sites.ListAsync(cancellationToken);
        var refusal = Site.Refusal(request.Site, known.GetValueOrDefault(request.Site));
        if (refusal is not null && !kind.Outlives)
        {
            return new SiteAnswer<TAnswer>.Missing(refusal);
        }

        var id = await store.AskAsync(
            new(request.Site, kind.Name, StoredJson.Write(request.Payload), request.Actor),
            kind.Outlives,
            cancellationToken
        );
        try
        {
            return refusal is null
                ? await WaitAsync(kind, id, request.Site, bound, cancellationToken)
                : new SiteAnswer<TAnswer>.Missing(refusal);
        }
        catch (OperationCanceledException) when (!kind.Outlives)
        {
            // Whoever asked has gone: nobody wants it done any more.
            await store.WithdrawAsync(id, CancellationToken.None);
            throw;
        }
    }

    private async Task<SiteAnswer<TAnswer>> WaitAsync<TRequest, TAnswer>(
        SiteRequestKind<TRequest, TAnswer> kind,
        long id,
        SiteName site,
        TimeSpan bound,
        CancellationToken cancellationToken
    )
    {
        var deadline = clock.GetUtcNow() + bound;
        while (true)
        {
            var state = await store.FindAsync(id, cancellationToken);
            if (state is { Answer: { } answer })
            {
                return new SiteAnswer<TAnswer>.Given(StoredJson.Read<TAnswer>(answer));
            }

            if (state is null or { Failure: not null })
            {
                return new SiteAnswer<TAnswer>.Missing(state?.Failure ?? $"the server of site {site} gave no answer.");
            }

            if (clock.GetUtcNow() > deadline)
            {
                var withdrawn = !kind.Outlives && await store.WithdrawAsync(id, cancellationToken);
                return new SiteAnswer<TAnswer>.Missing(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the server of site {site} did not answer within {bound.TotalSeconds:0} s{(withdrawn ? "" : " and is still at it")}."
                    )
                );
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }
}

/// <summary>What is asked, and of whom.</summary>
/// <param name="Actor">On whose behalf.</param>
public sealed record SiteRequest<TRequest>(SiteName Site, TRequest Payload, string Actor);
