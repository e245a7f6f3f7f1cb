using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Protection;
using Tidegate.TestKit;

namespace Tidegate.Tests.Protection;

/// <summary>What the gate asks of the way back: each part alone, and that nothing passes for lack of knowledge.</summary>
public sealed class ProtectedGateTests
{
    [Fact]
    public void What_is_proven_in_every_way_passes() =>
        Assert.Equal(GateAnswer.Pass(ProtectedGate.Name), Shops.Ask(Shops.Site) with { Reasons = [] });

    [Fact]
    public void A_policy_that_says_nothing_asks_nothing()
    {
        Assert.True(EnvironmentPolicy.Default.Protection.AsksNothing);
        Assert.False(new ProtectionPolicy { Archive = true }.AsksNothing);
        Assert.False(new ProtectionPolicy { Disk = 1 }.AsksNothing);
    }

    [Fact]
    public void Nothing_known_is_inconclusive_in_every_part()
    {
        var blank = new ProtectedSite(
            new BackupFacts(Shops.Oslo, null, null, null),
            Measured: null,
            [Shops.Tenant("a") with { Bytes = null, Modules = null, Objective = null, Rehearsal = null }],
            RestoreProofs.None
        );

        var answer = Shops.Ask(blank);

        Assert.Equal(GateVerdict.Inconclusive, answer.Verdict);
        Assert.Equal(
            ["backup-missing", "archive-unknown", "restore-never", "size-unknown", "disk-unknown", "rehearsal-missing"],
            Shops.Codes(answer)
        );
        Assert.All(
            answer.Reasons,
            reason => Assert.True(reason is { What.Length: > 0, Next.Length: > 0, Clears.Length: > 0 })
        );
    }

    /// <summary>Of every subset of what is asked and what is known, only one where all that is asked is known passes.</summary>
    [Fact]
    public void Absence_of_proof_never_passes() =>
        Gen.Select(Gen.Bool.Array[5], Gen.Bool.Array[5])
            .Sample(drawn =>
            {
                var (asked, known) = drawn;
                var site = Shops.Site with
                {
                    Backups = Shops.Site.Backups with
                    {
                        Newest = known[0] ? Shops.Backup : null,
                        Archive = known[1] ? Shops.Archive : null,
                    },
                    Restores = known[2] ? Shops.Site.Restores : RestoreProofs.None,
                    Measured = known[3] ? Shops.Measured : null,
                    Tenants = [Shops.Tenant("a") with { Rehearsal = known[4] ? Shops.Rehearsal("a") : null }],
                };
                var policy = new ProtectionPolicy
                {
                    Backup = asked[0] ? Shops.Policy.Backup : null,
                    Archive = asked[1],
                    Restore = asked[2] ? Shops.Policy.Restore : null,
                    Disk = asked[3] ? Shops.Policy.Disk : null,
                    Rehearsal = asked[4] ? Shops.Policy.Rehearsal : null,
                };

                var missing = asked.Zip(known).Count(part => part is (true, false));

                var answer = Shops.Ask(site, policy);
                return missing == 0
                    ? answer.Verdict is GateVerdict.Pass
                    : answer.Verdict is GateVerdict.Inconclusive && answer.Reasons.Length == missing;
            });

    /// <summary>What has aged does not become young again.</summary>
    [Fact]
    public void Once_too_old_it_stays_so() =>
        Gen.Select(Gen.Double[0, 60], Gen.Double[0, 60])
            .Sample(drawn =>
            {
                var (first, later) = (Math.Min(drawn.Item1, drawn.Item2), Math.Max(drawn.Item1, drawn.Item2));
                return !Passes(later) || Passes(first);
            });

    [Fact]
    public void A_backup_may_be_as_old_as_the_policy_says_and_no_older()
    {
        var policy = new ProtectionPolicy { Backup = TimeSpan.FromHours(5) };

        Assert.Equal(GateVerdict.Pass, Shops.Ask(Shops.Site, policy).Verdict);
        var old = Shops.Ask(Shops.Site, policy with { Backup = TimeSpan.FromHours(5) - TimeSpan.FromSeconds(1) });
        Assert.Equal(GateVerdict.Fail, old.Verdict);
        Assert.Equal(
            "the newest usable backup of a is of 2026-11-26 07:00:00Z, older than the 5 h that the policy allows. So it is with 1 more: b.",
            Assert.Single(old.Reasons).What
        );
    }

    [Fact]
    public void A_tenants_own_backup_counts_beside_its_sites()
    {
        var site = Shops.Site with
        {
            Tenants = [Shops.Tenant("a") with { BackedUpAt = Shops.Noon.AddHours(-1) }, Shops.Tenant("b")],
        };

        var reason = Assert.Single(Shops.Ask(site, new() { Backup = TimeSpan.FromHours(2) }).Reasons);

        Assert.StartsWith("the newest usable backup of b ", reason.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_the_backup_does_not_hold_comes_back_only_out_of_a_whole_archive()
    {
        var site = Shops.Site with { Tenants = [Shops.Tenant("new")] };
        var policy = new ProtectionPolicy { Backup = TimeSpan.FromDays(1) };

        Assert.Equal(GateVerdict.Pass, Shops.Ask(site, policy).Verdict);
        var torn = site with
        {
            Backups = site.Backups with { Archive = Shops.Archive with { Gap = "000000010000000000000007" } },
        };
        Assert.Equal(["backup-missing"], Shops.Codes(Shops.Ask(torn, policy)));
    }

    [Theory]
    [InlineData("archive-gap", GateVerdict.Fail)]
    [InlineData("archive-failing", GateVerdict.Fail)]
    [InlineData("archive-unseen", GateVerdict.Inconclusive)]
    [InlineData("archive-empty", GateVerdict.Inconclusive)]
    public void An_archive_with_a_gap_a_failure_or_that_nobody_looks_at_does_not_pass(string code, GateVerdict verdict)
    {
        ArchiveState archive = code switch
        {
            "archive-gap" => Shops.Archive with { Gap = "000000010000000000000007" },
            "archive-failing" => Shops.Archive with { Problem = "no space is left" },
            "archive-unseen" => Shops.Archive with
            {
                SeenAt = Shops.Noon - ArchivePart.Fresh - TimeSpan.FromSeconds(1),
            },
            _ => Shops.Archive with { CompleteTo = null },
        };

        var answer = Shops.Ask(
            Shops.Site with
            {
                Backups = Shops.Site.Backups with { Archive = archive },
            },
            new() { Archive = true }
        );

        Assert.Equal((verdict, code), (answer.Verdict, Assert.Single(answer.Reasons).Code));
    }

    [Fact]
    public void A_restore_that_failed_is_old_slow_or_promised_to_nobody_does_not_pass()
    {
        Assert.Equal(["restore-failed"], Restored(Shops.Restored with { Failure = "table sale_order differs" }));
        Assert.Equal(["restore-old"], Restored(Shops.Restored with { At = Shops.Noon.AddDays(-31) }));
        Assert.Equal(["restore-slow"], Restored(Shops.Restored with { Took = TimeSpan.FromMinutes(16) }));
        Assert.Equal(["restore-unmeasured"], Restored(Shops.Restored with { Took = null }));
        Assert.Equal(["objective-missing"], Restored(Shops.Restored, Shops.Tenant("a") with { Objective = null }));
        Assert.Equal([], Restored(Shops.Restored));
    }

    [Fact]
    public void Disk_is_asked_for_as_many_copies_as_are_made_at_once_the_largest_first()
    {
        var site = Shops.Site with
        {
            Tenants = [Shops.Tenant("a", 1L << 30), Shops.Tenant("b", 3L << 30), Shops.Tenant("c", 4L << 30)],
        };

        // Two at once: 7 GB of 10 GB.
        Assert.Equal(GateVerdict.Pass, Shops.Ask(site, new() { Disk = 1.4 }).Verdict);
        var reason = Assert.Single(Shops.Ask(site, new() { Disk = 1.5 }).Reasons);
        Assert.Equal(
            "site oslo has 10240 MB free, and 1.5 times the 2 largest databases that are copied at once is 10752 MB.",
            reason.What
        );
        Assert.Equal(
            ["disk-unseen"],
            Shops.Codes(
                Shops.Ask(
                    site with
                    {
                        Measured = Shops.Measured with { MeasuredAt = Shops.Noon.AddHours(-1) },
                    },
                    new() { Disk = 1 }
                )
            )
        );
    }

    [Fact]
    public void A_rehearsal_counts_for_the_release_the_modules_and_the_data_that_it_was_made_with()
    {
        Assert.Equal(["rehearsal-invalid"], Rehearsed(Shops.Tenant("a") with { Modules = "others" }));
        Assert.Equal(["rehearsal-invalid"], Rehearsed(Shops.Tenant("a") with { Runs = Plans.Digest('9') }));
        Assert.Equal(["rehearsal-invalid"], Rehearsed(Shops.Tenant("a") with { Rehearsal = Shops.Rehearsal("a", 8) }));
        Assert.Equal(
            ["rehearsal-invalid"],
            Rehearsed(Shops.Tenant("a") with { Rehearsal = Shops.Rehearsal("a", passed: false) })
        );
        Assert.Equal(["rehearsal-unclear"], Rehearsed(Shops.Tenant("a") with { Modules = null }));
        Assert.Equal(["rehearsal-missing"], Rehearsed(Shops.Tenant("a") with { Rehearsal = null }));
    }

    [Fact]
    public void Ten_thousand_unprotected_tenants_are_one_reason()
    {
        var site = Shops.Site with
        {
            Tenants =
            [
                .. Enumerable.Range(0, 10_000).Select(number => Shops.Tenant($"t{number}") with { Rehearsal = null }),
            ],
        };

        var reason = Assert.Single(Shops.Ask(site, new() { Rehearsal = TimeSpan.FromDays(7) }).Reasons);

        Assert.Equal("2026.11.2 was never rehearsed with t0. So it is with 9999 more: t1, t2, t3, ….", reason.What);
    }

    private static bool Passes(double days) =>
        ProtectedGate
            .Ask(
                new ProtectionPolicy
                {
                    Backup = Shops.Policy.Backup,
                    Restore = Shops.Policy.Restore,
                    Rehearsal = Shops.Policy.Rehearsal,
                },
                Shops.Facts(Shops.Site),
                Shops.Noon.AddDays(days)
            )
            .Verdict is GateVerdict.Pass;

    private static ImmutableArray<string> Restored(RestoreProof proof, ProtectedTenant? tenant = null) =>
        Shops.Codes(
            Shops.Ask(
                Shops.Site with
                {
                    Tenants = [tenant ?? Shops.Tenant("a")],
                    Restores = new RestoreProofs(proof, ["shop_a"], []),
                },
                new() { Restore = TimeSpan.FromDays(30) }
            )
        );

    private static ImmutableArray<string> Rehearsed(ProtectedTenant tenant) =>
        Shops.Codes(Shops.Ask(Shops.Site with { Tenants = [tenant] }, new() { Rehearsal = TimeSpan.FromDays(7) }));
}
