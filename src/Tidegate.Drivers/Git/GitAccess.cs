using System.Collections.Immutable;
using System.Text;
using Tidegate.ControlPlane.Following;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Git;

/// <summary>How git comes to a repository: what it may speak, and with which secret. The secret's file is named, its content never leaves it but to git.</summary>
/// <param name="Settings">The text of git's configuration.</param>
internal sealed record GitAccess(string Settings, ImmutableDictionary<string, string> Environment)
{
    /// <summary>The file in the home's secrets with the host keys that are trusted.</summary>
    public const string KnownHosts = "known_hosts";

    // Nothing of a repository runs here, whatever it or the machine is set to.
    private const string Common = """
        [core]
            hooksPath = /dev/null
            fsmonitor = false
            pager = cat
            attributesFile = /dev/null
        [credential]
            helper =
        [fetch]
            recurseSubmodules = false
        [submodule]
            recurse = false
        [gc]
            autoDetach = false
        [maintenance]
            auto = false
        [http]
            followRedirects = false
            lowSpeedLimit = 1
            lowSpeedTime = 60
        [log]
            showSignature = false

        """;

    // Of a token's file the first line; printf is the shell's own, so that no process has it among its arguments.
    private const string Helper =
        $$"""!tell() { test "$1" = get || return 0; {0}printf 'password=%s\n' "$(head -n 1 -- "${{GitSurroundings.SecretVariable}}" | tr -d '\r')"; }; tell""";

    // Forges that look at the user beside a token take any; one that does not is given it in the address.
    private const string AnyUser = "printf 'username=x-access-token\\n'; ";

    /// <exception cref="GitFailedException">The secret is not there, or others may read it.</exception>
    public static GitAccess Of(SiteLayout layout, SourceAddress source)
    {
        var secret = source.Secret is { } name ? SecretFile(layout, name) : null;
        return !source.Repository.Contains("://", StringComparison.Ordinal)
            ? source.Repository.StartsWith('/')
                ? Local(source.Repository)
                : Ssh(layout, secret)
            : new Uri(source.Repository) is var address && address.Scheme is "file"
                ? Local(Uri.UnescapeDataString(address.AbsolutePath))
                : address.Scheme is "ssh"
                    ? Ssh(layout, secret)
                    : Http(address, secret);
    }

    /// <summary>The repository that the operator named is read although somebody else owns it; nothing of it runs.</summary>
    private static GitAccess Local(string path) =>
        new(
            $"{Common}[safe]\n    directory = {Quoted(path)}\n    directory = {Quoted(Path.Join(path, ".git"))}\n",
            Speaking("file")
        );

    private static GitAccess Ssh(SiteLayout layout, string? key)
    {
        // The first of two settings wins in ssh: the operator's own file cannot loosen these.
        List<string> options =
        [
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            "ConnectTimeout=15",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=4",
            "ControlMaster=no", // one that stays would hold our pipes
            "ControlPath=none",
            "ForwardAgent=no",
            "PermitLocalCommand=no",
        ];
        var knownHosts = Path.Combine(layout.Secrets, KnownHosts);
        if (File.Exists(knownHosts))
        {
            options.Add($"UserKnownHostsFile={SshPath(knownHosts)}");
        }

        if (key is not null)
        {
            const UnixFileMode others =
                UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if ((File.GetUnixFileMode(key) & others) != UnixFileMode.None)
            {
                throw new GitFailedException($"others may read the key {key}: take that from them with chmod 600");
            }

            options.AddRange(["IdentitiesOnly=yes", "IdentityAgent=none", $"IdentityFile={SshPath(key)}"]);
        }

        var command = string.Join(' ', options.Select(option => $"-o {ShellQuoted(option)}"));
        return new(
            Common,
            Speaking("ssh").SetItem("GIT_SSH_VARIANT", "ssh").SetItem("GIT_SSH_COMMAND", $"ssh {command}")
        );
    }

    private static GitAccess Http(Uri address, string? token)
    {
        var speaking = Speaking(address.Scheme is "http" ? "https:http" : "https");
        if (token is null)
        {
            return new(Common, speaking);
        }

        // For this host alone: where it sends us elsewhere, the token does not follow.
        var host = $"{address.Scheme}://{address.Authority}";
        var helper = Helper.Replace("{0}", address.UserInfo.Length == 0 ? AnyUser : "", StringComparison.Ordinal);
        return new(
            $"{Common}[credential {Quoted(host)}]\n    helper = {Quoted(helper)}\n",
            speaking.SetItem(GitSurroundings.SecretVariable, token)
        );
    }

    private static string SecretFile(SiteLayout layout, string name)
    {
        var file = Path.Combine(layout.Secrets, name);
        return File.Exists(file)
            ? file
            : throw new GitFailedException($"the secret {name} is not among the home's secrets: put it into {file}");
    }

    private static ImmutableDictionary<string, string> Speaking(string protocols) =>
        ImmutableDictionary
            .Create<string, string>(StringComparer.Ordinal)
            .SetItem(GitSurroundings.ProtocolsVariable, protocols);

    private static string Quoted(string value) =>
        new StringBuilder(value).Replace("\\", "\\\\").Replace("\"", "\\\"").Insert(0, '"').Append('"').ToString();

    private static string ShellQuoted(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>ssh replaces what begins with a per cent sign, and splits at spaces.</summary>
    private static string SshPath(string path) => $"\"{path.Replace("%", "%%", StringComparison.Ordinal)}\"";
}
