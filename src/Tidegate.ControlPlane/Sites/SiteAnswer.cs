namespace Tidegate.ControlPlane.Sites;

/// <summary>What came of asking a site's server.</summary>
public abstract record SiteAnswer<TAnswer>
{
    private SiteAnswer() { }

    public sealed record Given(TAnswer Answer) : SiteAnswer<TAnswer>;

    /// <summary>There is no answer; one sentence says why, and whether the request is still to be done.</summary>
    public sealed record Missing(string Reason) : SiteAnswer<TAnswer>;
}
