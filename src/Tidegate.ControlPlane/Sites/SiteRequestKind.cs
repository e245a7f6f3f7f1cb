namespace Tidegate.ControlPlane.Sites;

/// <summary>One kind of thing that a site's own server can be asked to do.</summary>
/// <param name="Name">Short and stable: it is stored.</param>
/// <param name="IsLogged">Whether intent and outcome go to the ledger here; a kind that changes nothing, or that logs more itself, has none.</param>
/// <param name="Outlives">Whether it is still to be done when nobody waits for it any more; otherwise it is withdrawn.</param>
public sealed record SiteRequestKind<TRequest, TAnswer>(string Name, bool IsLogged = false, bool Outlives = false);

/// <summary>Does one kind of request, for the sites of this server. Doing it twice must equal doing it once: whoever does it may be killed.</summary>
public interface ISiteRequestHandler
{
    string Kind { get; }

    bool IsLogged { get; }

    bool Outlives { get; }

    /// <summary>The answer, as stored JSON. An exception is told to whoever asked.</summary>
    Task<string> AnswerAsync(ClaimedRequest claimed, CancellationToken cancellationToken);
}

/// <summary>How kinds of requests are claimed.</summary>
/// <param name="Logged">Those whose intent and outcome go to the ledger.</param>
/// <param name="Outliving">Those that are done however long ago they were asked for.</param>
public sealed record RequestKinds(IReadOnlyList<string> Logged, IReadOnlyList<string> Outliving)
{
    public static RequestKinds Of(IReadOnlyCollection<ISiteRequestHandler> handlers) =>
        new(
            [.. handlers.Where(handler => handler.IsLogged).Select(handler => handler.Kind)],
            [.. handlers.Where(handler => handler.Outlives).Select(handler => handler.Kind)]
        );
}

/// <summary>A request under lease.</summary>
/// <param name="Payload">Stored JSON.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="Epoch">Fencing number of this claim: above every lease that was given out before.</param>
/// <param name="Attempts">How many servers have begun it, this one among them.</param>
public sealed record ClaimedRequest(
    long Id,
    Fleet.SiteName Site,
    string Kind,
    string Payload,
    string Actor,
    long Epoch,
    int Attempts
);
