namespace Tidegate.ControlPlane.Following;

/// <summary>A request that claims to come from a forge.</summary>
/// <param name="Header">The value of a header, or null.</param>
public sealed record Webhook(string Forge, Func<string, string?> Header, ReadOnlyMemory<byte> Body);

/// <summary>What came of a webhook.</summary>
public abstract record WebhookResult
{
    private WebhookResult() { }

    /// <summary>It was kept, and the repository is asked at once.</summary>
    public sealed record Taken : WebhookResult;

    /// <summary>It says nothing that matters here.</summary>
    public sealed record Ignored : WebhookResult;

    /// <summary>It is not what the forge sends.</summary>
    public sealed record Unread : WebhookResult;

    /// <summary>Its sender did not prove to be the forge; nothing was done.</summary>
    public sealed record Unproven : WebhookResult;
}

/// <summary>Secrets of this server's home by name.</summary>
public interface IWebhookSecrets
{
    /// <summary>The secret without the white space around it; null when there is none of that name.</summary>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Takes what forges tell. The same word told twice changes nothing.</summary>
public sealed class WebhookDesk(SourceStore source, ForgeStore forges, IWebhookSecrets secrets, TimeProvider clock)
{
    public async Task<WebhookResult> TakeAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        if (
            await source.FindAsync(cancellationToken) is not { WebhookSecret: { } name } followed
            || await secrets.FindAsync(name, cancellationToken) is not { Length: > 0 } secret
            || !WebhookProof.Holds(webhook, secret)
        )
        {
            return new WebhookResult.Unproven();
        }

        switch (WebhookReader.Read(webhook, clock.GetUtcNow()))
        {
            case ForgeNews.Unread:
                return new WebhookResult.Unread();
            case ForgeNews.Push push when push.Branch is null || push.Branch == followed.Address.Branch:
                break;
            case ForgeNews.Changed changed:
                await forges.KeepAsync(changed.Change, clock.GetUtcNow(), cancellationToken);
                break;
            case ForgeNews.Reviewed reviewed:
                await forges.KeepAsync(reviewed.Change, clock.GetUtcNow(), cancellationToken);
                await forges.KeepAsync(reviewed, cancellationToken);
                break;
            default:
                return new WebhookResult.Ignored();
        }

        await source.RequestRoundAsync(cancellationToken);
        return new WebhookResult.Taken();
    }
}
