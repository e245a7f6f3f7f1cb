namespace Tidegate.Drivers.Git;

/// <summary>git, or the copy that it keeps, did not do what was asked.</summary>
internal sealed class GitFailedException : IOException
{
    public GitFailedException(string why)
        : base(why) { }

    public GitFailedException(string why, Exception cause)
        : base(why, cause) { }
}
