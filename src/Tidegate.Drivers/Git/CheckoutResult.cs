namespace Tidegate.Drivers.Git;

/// <summary>Why a person's repository is left as it is.</summary>
/// <param name="Kind">Whether the folder is no such repository, is not in a fit state, or somebody was quicker.</param>
public sealed record CheckoutRefusal(CheckoutRefusalKind Kind, string What, string Next);

public enum CheckoutRefusalKind
{
    /// <summary>The folder is no repository's, or git is not there.</summary>
    NoRepository,

    /// <summary>A change would take along, or be taken along by, something that a person has begun.</summary>
    NotFit,

    /// <summary>git itself refused: no identity, a hook, rights.</summary>
    Refused,

    /// <summary>The repository elsewhere has moved on, or does not answer.</summary>
    NotPushed,
}

/// <summary>A commit that was made.</summary>
/// <param name="Id">In full.</param>
public sealed record MadeCommit(string Id, string Branch);
