using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Git;

/// <summary>What git said, as one sentence with the way on, and without what may be secret.</summary>
internal static partial class GitComplaint
{
    private const int Longest = 300;

    /// <summary>Of a repository that was asked.</summary>
    public static string OfRemote(string repository, string error, SiteLayout layout) =>
        $"{SourceAddressRules.Shown(repository)} does not answer: {Said(error)}{RemoteWayOn(error, layout)}.";

    /// <summary>Of the copy that is kept here.</summary>
    public static string OfMirror(GitMirror mirror, string error) =>
        $"The copy of {SourceAddressRules.Shown(mirror.Repository)} in {mirror.Folder} cannot be used: {Said(error)}{MirrorWayOn(mirror, error)}.";

    /// <summary>Whether what a fetch complained about lies here: git then names a file of the mirror, or a ref that only it has.</summary>
    public static bool IsOfMirror(GitMirror mirror, string error) =>
        IsOfDisk(error)
        || error.Contains(mirror.Name, StringComparison.Ordinal)
        || error.Contains(" refs/tidegate/", StringComparison.Ordinal);

    private static bool IsOfDisk(string error) =>
        error.Contains("No space left on device", StringComparison.Ordinal)
        || error.Contains("Disk quota exceeded", StringComparison.Ordinal)
        || error.Contains("Read-only file system", StringComparison.Ordinal);

    private static string Said(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // What the other side or ssh says comes first and tells more than git's conclusion, which tells more than hints.
        var line =
            Array.Find(lines, IsCause)
            ?? Array.Find(lines, each => each.StartsWith("fatal:", StringComparison.Ordinal))
            ?? Array.Find(lines, each => each.StartsWith("error:", StringComparison.Ordinal))
            ?? lines.LastOrDefault()
            ?? "git ended without a word";
        return SourceText.Shown(Users().Replace(Prefix().Replace(line, ""), "://"), Longest).TrimEnd('.', ' ', ':');
    }

    private static bool IsCause(string line) =>
        IsOfDisk(line)
        || line.Contains("Permission denied", StringComparison.Ordinal)
        || line.Contains("Host key verification failed", StringComparison.Ordinal)
        || line.StartsWith("ssh:", StringComparison.Ordinal)
        || (line.StartsWith("remote:", StringComparison.Ordinal) && line.Length > "remote: ".Length);

    private static string RemoteWayOn(string error, SiteLayout layout) =>
        error.Contains("Host key verification failed", StringComparison.Ordinal)
            ? $"; put its host key, from ssh-keyscan and checked, into {Path.Combine(layout.Secrets, GitAccess.KnownHosts)}"
        : error.Contains("Permission denied (publickey", StringComparison.Ordinal)
            ? "; give the repository a key of this home, and name its private half as the secret"
        : error.Contains("could not read Username", StringComparison.Ordinal)
        || error.Contains("could not read Password", StringComparison.Ordinal)
        || error.Contains("Authentication failed", StringComparison.Ordinal)
            ? "; name a secret that holds a token which may read it"
        : "";

    private static string MirrorWayOn(GitMirror mirror, string error) =>
        IsOfDisk(error)
            ? "; make room on that disk"
            : $"; remove {mirror.Folder} and it is fetched anew, without the commits that only it still has";

    [GeneratedRegex(@"\A(fatal|error|remote): ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"://[^\s/'""]*@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Users();
}
