using System.Net;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Following;

/// <summary>Which repositories may be followed, and how their addresses are shown. git takes more than this: commands, other protocols, passwords.</summary>
public static partial class SourceAddressRules
{
    private const int LongestRepository = 1000;
    private const int LongestBranch = 200;

    /// <summary>Longer user names belong to no forge; tokens are.</summary>
    private const int LongestUser = 39;

    /// <summary>Null when the address may be followed; otherwise one sentence that says what is wrong, without any secret.</summary>
    public static string? Refusal(SourceAddress source) =>
        RepositoryRefusal(source.Repository)
        ?? BranchRefusal(source.Branch)
        ?? FolderRefusal(source.Folder)
        ?? SecretRefusal(source);

    /// <summary>An address for people: on one line, and of one with <c>://</c> nothing before its last <c>@</c>, where somebody may have put a password.</summary>
    public static string Shown(string repository) =>
        SourceText.Shown(UserPart().Replace(repository, "${scheme}"), LongestRepository);

    private static string? RepositoryRefusal(string repository)
    {
        var shown = Shown(repository);
        return repository.Length is 0 or > LongestRepository
                ? $"The repository's address has to have 1 to {LongestRepository} letters."
            : HoldsControl(repository) || HoldsControl(Uri.UnescapeDataString(repository))
                ? "The repository's address holds a control letter."
            : repository.StartsWith('-') ? $"The repository's address begins with a hyphen: \"{shown}\"."
            : repository.StartsWith('/') ? null
            : ScpLike().Match(repository) is { Success: true } secureCopy
            && secureCopy.Groups["user"].Length <= LongestUser
                ? OutgoingHost.IsNobodys(secureCopy.Groups["host"].Value) ? NobodysRefusal(shown)
                    : null
            : Uri.TryCreate(repository, UriKind.Absolute, out var address)
            && repository.Contains("://", StringComparison.Ordinal)
                ? UriRefusal(repository, address, shown)
            : $"\"{shown}\" is no address of a repository: give an absolute path, or file://, ssh://, https:// or user@host:path.";
    }

    private static string? UriRefusal(string repository, Uri address, string shown)
    {
        var user = address.UserInfo;
        return repository.Any(char.IsWhiteSpace) ? $"The address of {shown} holds a space: write it as %20."
            : user.Contains(':', StringComparison.Ordinal)
                ? $"The address of {shown} holds a password: put it into a file of the home's folder secrets and name that."
            : user.Length > LongestUser || Token().IsMatch(user)
                ? $"The user in the address of {shown} looks like a token: put it into a file of the home's folder secrets and name that."
            : user.Length > 0 && !UserName().IsMatch(user)
                ? $"The user in the address of {shown} is not plain letters, digits, points, hyphens and underscores."
            : address.Scheme switch
            {
                "file" => address.Host.Length == 0 && repository.StartsWith("file:///", StringComparison.Ordinal)
                    ? null
                    : $"\"{shown}\" names another machine: write file:/// and an absolute path.",
                "ssh" or "https" => HostRefusal(repository, address, shown),
                "http" => IsLoopback(address)
                    ? HostRefusal(repository, address, shown)
                    : $"\"{shown}\" is not encrypted: use https://.",
                _ => $"\"{shown}\" is not followed: use an absolute path, file://, ssh:// or https://.",
            };
    }

    private static string? HostRefusal(string repository, Uri address, string shown) =>
        address.Host.Length == 0 || address.Host.StartsWith('-') || !PlainHost().IsMatch(repository)
            ? $"\"{shown}\" names no host."
        : OutgoingHost.IsNobodys(address) ? NobodysRefusal(shown)
        : address.PathAndQuery.Contains('@', StringComparison.Ordinal)
            ? $"The address of {shown} holds an @ in its path: write it as %40."
        : address.AbsolutePath is "/" ? $"\"{shown}\" names no repository of its host."
        // A key may stand in a query as well, and git sends no fragment.
        : repository.AsSpan().ContainsAny('?', '#')
            ? $"\"{shown}\" holds a ? or a #, which no repository's address needs."
        : null;

    private static string NobodysRefusal(string shown) =>
        $"\"{shown}\" leads to an address that belongs to no service, such as the one where a cloud hands out its machines' credentials.";

    private static bool HoldsControl(string text) =>
        text.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter));

    private static bool IsLoopback(Uri address) =>
        address.Host is "localhost"
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>What git allows (git-check-ref-format), and no hyphen at the beginning.</summary>
    private static string? BranchRefusal(string branch)
    {
        var shown = SourceText.Shown(branch, LongestBranch);
        return branch.Length is 0 or > LongestBranch ? $"A branch's name has 1 to {LongestBranch} letters."
            : branch.StartsWith("refs/", StringComparison.Ordinal)
                ? $"\"{shown}\" is not a branch's name: leave out refs/heads/."
            : branch.StartsWith('-')
            || branch is "@"
            || branch.EndsWith('.')
            || branch.Contains("..", StringComparison.Ordinal)
            || branch.Contains("@{", StringComparison.Ordinal)
            || branch.Any(letter =>
                char.IsControl(letter)
                || char.IsSurrogate(letter)
                || " ~^:?*[\\".Contains(letter, StringComparison.Ordinal)
            )
            || branch
                .Split('/')
                .Any(part =>
                    part.Length == 0 || part.StartsWith('.') || part.EndsWith(".lock", StringComparison.Ordinal)
                )
                ? $"\"{shown}\" cannot be a branch's name."
            : null;
    }

    private static string? FolderRefusal(string folder) =>
        folder.Length == 0 ? null
        : folder.Length <= LongestRepository
        && folder.Split('/').All(part => part is not ("" or "." or "..") && !part.Any(char.IsControl))
            ? null
        : $"\"{SourceText.Shown(folder, LongestRepository)}\" is no folder of a repository: write it from the repository's root, with slashes between its parts, and without . or ..";

    private static string? SecretRefusal(SourceAddress source) =>
        source.Secret is not { } secret ? null
        : NameRules.Refusal("secret", secret) is { } refusal ? refusal
        : source.Repository.StartsWith('/') || source.Repository.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? "A repository on this machine is opened by the rights of its files: leave the secret out."
        : null;

    [GeneratedRegex(
        @"\A(?:(?<user>[A-Za-z0-9_][A-Za-z0-9._-]*)@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?![:/]/)(?!:)[^\s:][^\s]*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ScpLike();

    /// <summary>What git and we take for the same host: .NET passes over what stands behind a bracket.</summary>
    [GeneratedRegex(
        @"\A[A-Za-z]+://([^/@]*@)?(\[[0-9A-Fa-f:.]+\]|[^/@:\[\]]+)(:[0-9]{1,5})?(/|\z)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PlainHost();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserName();

    [GeneratedRegex(
        @"\A(gh[a-z]_|github_pat_|gl[a-z]+-|glpat|ATBB|ATCTT|x-token-auth:)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Token();

    [GeneratedRegex(
        @"\A(?<scheme>[^/@]*://).*@",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex UserPart();
}
