using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Ledger;
using Tidegate.ControlPlane.Ledger;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate ledger verify</c>.</summary>
internal static class LedgerVerifyCommand
{
    private const string Text = """
        Check that nobody has changed the ledger: each entry's hash, their chain, the tree, and each signed checkpoint

        Examples:
          tidegate ledger verify --key public-key.pem --checkpoints checkpoints.jsonl
          tidegate ledger verify --key public-key.pem --checkpoints ./copy-of-the-store
          tidegate ledger verify --from ledger.jsonl --key public-key.pem
          tidegate ledger verify --proof proof.json --key public-key.pem

        Without --from it reads the server's ledger. Without --key it takes the key that the server names, and proves no more than
        that the server agrees with itself: keep the key and the checkpoints where the server's administrators cannot write. Only
        with --checkpoints can it tell that the tail was cut off or an older ledger restored. Exit code 0: nothing is wrong; 3: something is.
        """;

    public static Command Create()
    {
        var from = new Option<FileInfo?>("--from") { Description = "An export, in place of the server's ledger" };
        var proof = new Option<FileInfo?>("--proof") { Description = "A proof of one entry, and nothing else" };
        var keys = new Option<FileInfo[]>("--key")
        {
            Description = "A public key in PEM; several where the ledger had several",
        };
        var kept = new Option<FileSystemInfo[]>("--checkpoints")
        {
            Description =
                "Checkpoints that were kept elsewhere: a file, or a folder with a copy of the store; several where there are several",
        };
        var json = JsonOption.Create();
        var command = new Command("verify", Text) { from, proof, keys, kept, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var files = parsed.GetValue(keys) ?? [];
                var given = files.Select(file => Key(Contents(file), file.FullName)).ToList();
                if (parsed.GetValue(proof) is { } one)
                {
                    return await ProofAsync(parsed, Contents(one), given);
                }

                var known =
                    parsed.GetValue(from) is null && given.Count == 0
                        ? [await ServersKeyAsync(parsed, cancellationToken)]
                        : given;
                var elsewhere = parsed.GetValue(kept) ?? [];
                var verifier = new LedgerVerifier(
                    known,
                    elsewhere
                        .SelectMany(Files)
                        .SelectMany(file => LedgerReading.Checkpoints(Contents(file).Split('\n')))
                );
                await CheckAsync(parsed, parsed.GetValue(from), verifier, cancellationToken);
                return Told(parsed, parsed.GetValue(json), verifier, given.Count > 0, elsewhere.Length > 0);
            }
        );
        return command;
    }

    private static async Task CheckAsync(
        ParseResult parsed,
        FileInfo? from,
        LedgerVerifier verifier,
        CancellationToken cancellationToken
    )
    {
        if (from is not null)
        {
            await using var file = Opened(from);
            await LedgerReading.CheckAsync(file, verifier, cancellationToken);
            return;
        }

        using var client = ServerOption.Connect(parsed);
        await using var lines = await client.GetStreamAsync("/api/ledger/export", cancellationToken);
        await LedgerReading.CheckAsync(lines, verifier, cancellationToken);
    }

    private static int Told(ParseResult parsed, bool asJson, LedgerVerifier verifier, bool hasKey, bool hasKept)
    {
        var isGood = verifier.Findings.Count == 0;
        if (asJson)
        {
            parsed.WriteJson(
                new
                {
                    schema = "tidegate.ledger-verification/1",
                    outcome = isGood ? "pass" : "fail",
                    entries = verifier.Size,
                    signed = verifier.SignedTo,
                    verifier.Root,
                    ownKey = hasKey,
                    keptElsewhere = hasKept,
                    keptFrom = verifier.Dropped?.Before ?? 0,
                    dropped = verifier.Dropped,
                    findings = verifier.Findings,
                }
            );
            return isGood ? ExitCodes.Done : ExitCodes.Blocked;
        }

        foreach (var finding in verifier.Findings)
        {
            parsed.Output().WriteLine($"{finding.What} ({finding.Code})");
        }

        parsed
            .Output()
            .WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(isGood ? "PASS" : "FAIL")}  {verifier.Size} entries, {verifier.SignedTo} of them signed for, root {verifier.Root}"
                )
            );
        if (verifier.Dropped is { } dropped)
        {
            parsed
                .Output()
                .WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"entries are kept from place {dropped.Before} on; of those before their hashes are, and a retention run of {dropped.At.UtcDateTime:u} wrote them out to {dropped.Export}, sha256 {dropped.Sha256}"
                    )
                );
        }

        if (!hasKey)
        {
            parsed
                .Error()
                .WriteLine("note: no key was given from outside: who rules the server could have made all of it anew");
        }

        if (!hasKept)
        {
            parsed
                .Error()
                .WriteLine("note: no checkpoints were given from outside: a tail that was cut off would not show");
        }

        return isGood ? ExitCodes.Done : ExitCodes.Blocked;
    }

    private static async Task<int> ProofAsync(ParseResult parsed, string text, List<LedgerKey> keys)
    {
        LedgerProof? proof;
        try
        {
            proof = JsonSerializer.Deserialize<LedgerProof>(text, ApiJson.Options);
        }
        catch (JsonException broken)
        {
            throw Refused($"it is no proof: {broken.Message}", "tidegate ledger prove PLACE writes one");
        }

        if (keys.Count == 0)
        {
            throw Refused("a proof needs the public key that its checkpoint is checked with.", "--key public-key.pem");
        }

        var checkpoint = LedgerReading.From(proof!.Checkpoint);
        var isSigned = keys.Exists(key => key.Signed(checkpoint));
        var isIn = MerkleTree.IsIncluded(
            MerkleTree.Leaf(Encoding.UTF8.GetBytes(proof.Entry)),
            proof.Place,
            checkpoint.Size,
            proof.Proof.Select(Hash),
            Hash(checkpoint.Root)
        );
        await parsed
            .Output()
            .WriteLineAsync(
                !isSigned ? "FAIL  the checkpoint is signed by none of the keys"
                : !isIn ? "FAIL  the entry is not in the ledger that the checkpoint is of"
                : $"PASS  {proof.Entry}"
            );
        return isSigned && isIn ? ExitCodes.Done : ExitCodes.Blocked;
    }

    private static byte[] Hash(string text)
    {
        var hash = new byte[text.Length / 2];
        return Convert.FromHexString(text, hash, out _, out _) is System.Buffers.OperationStatus.Done ? hash : [];
    }

    private static async Task<LedgerKey> ServersKeyAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = ServerOption.Connect(parsed);
        var status = await client.GetAsync<LedgerStatus>("/api/ledger/status", cancellationToken);
        return Key(status.PublicKey, "what the server calls its key");
    }

    private static LedgerKey Key(string pem, string where)
    {
        try
        {
            return LedgerKey.Read(pem);
        }
        catch (FormatException refused)
        {
            throw Refused(
                $"{where} is no public key: {refused.Message}.",
                "secrets stay where they are: give ledger/public-key.pem of the home"
            );
        }
    }

    private static IEnumerable<FileInfo> Files(FileSystemInfo place) =>
        Directory.Exists(place.FullName)
            ? new DirectoryInfo(place.FullName).EnumerateFiles("*", SearchOption.AllDirectories)
            : [new FileInfo(place.FullName)];

    private static FileStream Opened(FileInfo file)
    {
        try
        {
            return file.OpenRead();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Refused($"{file.FullName} cannot be read: {unreadable.Message}", null);
        }
    }

    private static string Contents(FileInfo file)
    {
        using var reader = new StreamReader(Opened(file));
        return reader.ReadToEnd();
    }

    private static ProblemException Refused(string what, string? next) =>
        new(new ApiProblem(ProblemCodes.Invalid, what, next));
}
