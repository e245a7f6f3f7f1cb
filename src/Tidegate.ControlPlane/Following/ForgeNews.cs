namespace Tidegate.ControlPlane.Following;

/// <summary>What a webhook says.</summary>
public abstract record ForgeNews
{
    private ForgeNews() { }

    /// <summary>A branch has moved.</summary>
    /// <param name="Branch">Null where the forge does not say which.</param>
    public sealed record Push(string? Branch) : ForgeNews;

    /// <summary>A pull request or merge request was opened, merged, or something else happened to it.</summary>
    public sealed record Changed(ForgeChange Change) : ForgeNews;

    /// <summary>Somebody has reviewed one.</summary>
    /// <param name="At">When.</param>
    public sealed record Reviewed(ForgeChange Change, ForgeReview Review, DateTimeOffset At) : ForgeNews;

    /// <summary>Nothing that matters here.</summary>
    public sealed record Other : ForgeNews;

    /// <summary>It cannot be read.</summary>
    public sealed record Unread : ForgeNews;
}
