using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Git;

/// <summary>Keys in the form in which git's checkers take them.</summary>
/// <param name="Keyring">A home of gpg.</param>
/// <param name="AllowedSigners">A file of ssh-keygen.</param>
/// <param name="Unreadable">Names of files that hold no key.</param>
internal sealed record KeyFolder(string Keyring, string AllowedSigners, ImmutableArray<string> Unreadable);

/// <summary>
/// The keys whose signatures can be told: <c>following/keys/*.asc</c> for OpenPGP, <c>*.pub</c> for SSH. Knowing a key
/// allows nothing; which of them may sign is the policy's to say. Made into checkers' files once for each state of that folder.
/// </summary>
internal sealed partial class KnownKeys(SiteLayout layout, TimeProvider clock)
{
    private const int LargestFile = 1 << 20;
    private const string UnreadableFile = "unreadable";

    // Whoever put a key there trusts it; and nothing is started or fetched from elsewhere.
    private const string GpgSettings =
        "batch\nno-tty\ntrust-model always\nno-autostart\nno-auto-key-retrieve\nno-auto-check-trustdb\n";

    /// <summary>No git reads any more what was replaced so long ago.</summary>
    private static readonly TimeSpan Outdated = TimeSpan.FromHours(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<KeyFolder> ReadAsync(CancellationToken cancellationToken)
    {
        var files = Files();
        var place = Path.Combine(layout.KeyFolders, StateOf(files));
        if (!Directory.Exists(place))
        {
            Folder.Private(layout.Following);
            Folder.Private(layout.KeyFolders);
            using var alone = await HeldFile.TakeAsync(
                Path.Combine(layout.KeyFolders, ".lock"),
                Patience,
                "another process still reads the known keys",
                clock,
                cancellationToken
            );
            await MakeAsync(place, files, cancellationToken);
        }

        return new(
            Path.Combine(place, "gnupg"),
            Path.Combine(place, "allowed_signers"),
            [.. File.ReadAllLines(Path.Combine(place, UnreadableFile))]
        );
    }

    private List<(string Name, byte[] Content)> Files() =>
        !Directory.Exists(layout.FollowedKeys)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(layout.FollowedKeys)
                    .Where(path =>
                        Path.GetExtension(path) is ".asc" or ".pub" && new FileInfo(path).Length <= LargestFile
                    )
                    .Order(StringComparer.Ordinal)
                    .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))),
            ];

    private static string StateOf(List<(string Name, byte[] Content)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }

    private async Task MakeAsync(
        string place,
        List<(string Name, byte[] Content)> files,
        CancellationToken cancellationToken
    )
    {
        if (Directory.Exists(place))
        {
            return; // made while we waited
        }

        var draft = Path.Combine(layout.KeyFolders, ".draft");
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        var keyring = Path.Combine(draft, "gnupg");
        Folder.Private(draft);
        Folder.Private(keyring);
        await File.WriteAllTextAsync(Path.Combine(keyring, "gpg.conf"), GpgSettings, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(keyring, "common.conf"), "", cancellationToken); // no daemon for keys
        var (signers, unreadable) = (new StringBuilder(), new List<string>());
        foreach (var (name, content) in files)
        {
            if (
                name.EndsWith(".pub", StringComparison.Ordinal)
                    ? !AddSigners(signers, content)
                    : !await ImportAsync(keyring, content, cancellationToken)
            )
            {
                unreadable.Add(name);
            }
        }

        await File.WriteAllTextAsync(Path.Combine(draft, "allowed_signers"), signers.ToString(), cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(draft, UnreadableFile), unreadable, cancellationToken);
        Directory.Move(draft, place);
        RemoveOutdated(place);
    }

    private void RemoveOutdated(string current)
    {
        var longAgo = (clock.GetUtcNow() - Outdated).UtcDateTime;
        foreach (
            var folder in Directory
                .EnumerateDirectories(layout.KeyFolders)
                .Where(folder => folder != current && Directory.GetLastWriteTimeUtc(folder) < longAgo)
                .ToList()
        )
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A key a line, as ssh-keygen writes it. Options before it are not taken: they are for logging in.</summary>
    private static bool AddSigners(StringBuilder signers, byte[] content)
    {
        var lines = Encoding
            .UTF8.GetString(content)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => SshKey().Match(line))
            .ToList();
        foreach (var line in lines.Where(line => line.Success))
        {
            signers.Append($"known namespaces=\"git\" {line.Groups["key"].Value}\n");
        }

        return lines.Count > 0 && lines.TrueForAll(line => line.Success);
    }

    private async Task<bool> ImportAsync(string keyring, byte[] content, CancellationToken cancellationToken)
    {
        if (Programs.Find("gpg") is not { } gpg)
        {
            return false;
        }

        var answer = await new BoundedRun([gpg, "--homedir", keyring, "--quiet", "--import"])
        {
            Environment = GitSurroundings.Of(Path.Combine(layout.Mirrors, "none")),
            Directory = keyring,
            Input = content,
        }.RunAsync(clock, cancellationToken);
        return answer.ExitCode == 0;
    }

    [GeneratedRegex(
        @"\A(?<key>(ssh-|ecdsa-sha2-|sk-)[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+=*)(\s.*)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex SshKey();
}
