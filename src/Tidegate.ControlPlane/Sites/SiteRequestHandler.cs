using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Sites;

/// <summary>A handler of requests of one type.</summary>
public abstract class SiteRequestHandler<TRequest, TAnswer>(SiteRequestKind<TRequest, TAnswer> kind)
    : ISiteRequestHandler
{
    public string Kind => kind.Name;

    public bool IsLogged => kind.IsLogged;

    public bool Outlives => kind.Outlives;

    public async Task<string> AnswerAsync(ClaimedRequest claimed, CancellationToken cancellationToken) =>
        StoredJson.Write(await AnswerAsync(StoredJson.Read<TRequest>(claimed.Payload), claimed, cancellationToken));

    protected abstract Task<TAnswer> AnswerAsync(
        TRequest request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    );
}
