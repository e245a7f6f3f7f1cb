using CsCheck;
using Tidegate.ControlPlane.Ledger;

namespace Tidegate.Tests.Ledger;

/// <summary>Whatever is done to a ledger after it was signed shows.</summary>
public sealed class LedgerVerifierTests
{
    [Fact]
    public Task A_ledger_that_nobody_touched_passes_and_is_signed_for_to_its_end() =>
        LedgerGen.Entries.SampleAsync(
            async entries =>
            {
                using var key = LedgerKey.Create();
                var (lines, kept) = LedgerGen.Export(entries, key);
                var verifier = await LedgerGen.CheckAsync(lines, key, kept);
                Assert.Empty(verifier.Findings);
                Assert.Equal((entries.Length, entries.Length), (verifier.Size, verifier.SignedTo));
            },
            iter: 60
        );

    [Fact]
    public Task A_changed_byte_anywhere_shows() =>
        Gen.Select(LedgerGen.Entries, Gen.Int, Gen.Int)
            .SampleAsync(
                async (entries, which, where) =>
                {
                    using var key = LedgerKey.Create();
                    var (lines, kept) = LedgerGen.Export(entries, key);
                    var line = (int)((uint)which % lines.Count);
                    var at = (int)((uint)where % lines[line].Length);
                    var changed = lines[line][at] is 'a' ? 'b' : 'a';
                    lines[line] = $"{lines[line][..at]}{changed}{lines[line][(at + 1)..]}";
                    Assert.NotEmpty((await LedgerGen.CheckAsync(lines, key, kept)).Findings);
                },
                iter: 200
            );

    [Fact]
    public Task A_line_that_is_left_out_shows() =>
        Gen.Select(LedgerGen.Entries, Gen.Int)
            .SampleAsync(
                async (entries, which) =>
                {
                    using var key = LedgerKey.Create();
                    var (lines, kept) = LedgerGen.Export(entries, key);
                    var entry = lines.FindIndex(
                        (int)((uint)which % lines.Count),
                        line => line.StartsWith("{\"actor", StringComparison.Ordinal)
                    );
                    if (entry >= 0)
                    {
                        lines.RemoveAt(entry);
                        Assert.NotEmpty((await LedgerGen.CheckAsync(lines, key, kept)).Findings);
                    }
                },
                iter: 100
            );

    [Fact]
    public Task A_tail_that_was_cut_off_shows_by_what_was_kept_elsewhere_alone() =>
        Gen.Select(LedgerGen.Entries, Gen.Int[1, 39])
            .SampleAsync(
                async (entries, left) =>
                {
                    using var key = LedgerKey.Create();
                    var (_, kept) = LedgerGen.Export(entries, key);
                    var (older, ofOlder) = LedgerGen.Export([.. entries.Take(left)], key);
                    if (left < entries.Length)
                    {
                        Assert.Empty((await LedgerGen.CheckAsync(older, key, ofOlder)).Findings);
                        Assert.Contains(
                            (await LedgerGen.CheckAsync(older, key, kept)).Findings,
                            finding => finding.Code is LedgerFinding.Truncated
                        );
                    }
                },
                iter: 60
            );

    [Fact]
    public async Task A_ledger_that_is_read_in_many_parts_passes_and_what_was_changed_in_one_shows_at_its_place()
    {
        using var key = LedgerKey.Create();
        var one = LedgerGen.Entries.Single()[0];
        var entries = Enumerable
            .Range(0, 5_000)
            .Select(number => one with { Id = number, Reason = new string('x', 500 + (number % 100)) })
            .ToArray();
        var (lines, kept) = LedgerGen.Export(entries, key);
        var whole = await LedgerGen.CheckAsync(lines, key, kept);
        Assert.Empty(whole.Findings);
        Assert.Equal((5_000, 5_000), (whole.Size, whole.SignedTo));

        var changed = lines.FindIndex(line => line.Contains("\"place\":4000,", StringComparison.Ordinal));
        lines[changed] = lines[changed].Replace("xxx", "xyx", StringComparison.Ordinal);
        var found = (await LedgerGen.CheckAsync(lines, key, kept)).Findings;
        Assert.Equal(
            (LedgerFinding.Broken, true),
            (found[0].Code, found[0].What.Contains("entry 4001 ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_line_that_is_longer_than_any_entry_is_refused()
    {
        using var key = LedgerKey.Create();
        await Assert.ThrowsAsync<FormatException>(() =>
            LedgerGen.CheckAsync([new string('x', 3 * 1024 * 1024)], key, [])
        );
    }

    [Fact]
    public async Task A_ledger_that_was_made_anew_with_another_key_shows()
    {
        using var key = LedgerKey.Create();
        using var forger = LedgerKey.Create();
        var entries = LedgerGen.Entries.Single();
        var (lines, _) = LedgerGen.Export(entries, forger);

        Assert.Contains(
            (await LedgerGen.CheckAsync(lines, key, [])).Findings,
            finding => finding.Code is LedgerFinding.Forged
        );
    }

    [Fact]
    public async Task A_ledger_that_was_rewritten_and_chained_and_signed_again_shows_by_what_was_kept_elsewhere()
    {
        using var key = LedgerKey.Create(); // whoever did it has the server's key
        var entries = LedgerGen.Entries.Single();
        var (_, kept) = LedgerGen.Export(entries, key);
        entries[0] = entries[0] with { Actor = "somebody-else" };
        var (lines, _) = LedgerGen.Export(entries, key);

        Assert.Contains(
            (await LedgerGen.CheckAsync(lines, key, kept)).Findings,
            finding => finding.Code is LedgerFinding.Rewritten
        );
    }

    [Fact]
    public async Task What_is_no_ledger_at_all_is_no_crash()
    {
        using var key = LedgerKey.Create();
        string[] rubbish =
        [
            "",
            "{",
            "null",
            "{\"checkpoint\":null}",
            "{\"gone\":1}",
            "[1,2]",
            new string('x', 4000),
            "\0",
        ];

        Assert.NotEmpty((await LedgerGen.CheckAsync(rubbish, key, [])).Findings);
    }

    [Fact]
    public void The_same_entry_is_the_same_bytes_for_ever() =>
        Assert.Equal(
            """{"actor":"os/0","at":"2026-11-26T08:00:00.123456Z","epoch":7,"id":5,"kind":"intent","place":2,"previous":"00","reason":"\"später\"\n\u0001","tenant":"shop-oslo"}""",
            System.Text.Encoding.UTF8.GetString(
                new LedgerEntry(
                    5,
                    new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.FromHours(1)).AddTicks(1_234_560),
                    "intent",
                    "os/0",
                    null,
                    null,
                    "shop-oslo",
                    null,
                    7,
                    null,
                    "\"später\"\n\u0001"
                ).Canonical(2, "00")
            )
        );
}
