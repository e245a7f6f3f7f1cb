namespace Tidegate.Drivers.Sites;

/// <summary>Why a site is not started. Nothing was changed.</summary>
/// <param name="What">What is wrong, and where.</param>
/// <param name="Next">What to do about it.</param>
public sealed record SiteRefusal(string What, string Next);
