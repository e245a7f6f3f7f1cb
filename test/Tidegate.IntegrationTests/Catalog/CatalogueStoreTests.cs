using Npgsql;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>What the control database promises of releases and of their judgings.</summary>
public sealed class CatalogueStoreTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private NpgsqlDataSource _database = null!;
    private ReleaseStore _releases = null!;
    private ValidationStore _validations = null!;

    [Fact]
    public async Task A_release_is_read_as_it_was_added()
    {
        var release = Release("1") with
        {
            Notes = new(["TIPS"], "Autumn")
            {
                DeclaredBehaviourChanges = ["Returns need a reason"],
                DeclaredDrops = ["sale_order.note", "shop_draft"],
            },
            Risk = new(RiskLevel.High, "prices"),
            Odoo = "19.0",
            Series = "19.0",
            Commit = new('a', 40),
            Clean = false,
            Manifest = new('b', 64),
        };
        Assert.Null(await _releases.AddAsync(release, [], Token));

        foreach (
            var found in new[]
            {
                await _releases.FindAsync("1", Token),
                await _releases.FindAsync(release.Ref.Digest, Token),
                Assert.Single(await _releases.FindAsync([release.Ref.Digest, Release("9").Ref.Digest], Token)),
                Assert.Single(await _releases.ListAsync(10, Token)),
            }
        )
        {
            Assert.Equal(release, found);
        }

        Assert.Null(await _releases.FindAsync("9", Token));
        Assert.Equal(release.Ref.Digest, (await _releases.NamesAsync(Token))["1"]);
    }

    [Fact]
    public async Task A_name_or_digest_that_is_there_is_told_and_stays()
    {
        var first = Release("1");
        await _releases.AddAsync(first, [], Token);
        await _releases.AddAsync(Release("2"), [], Token);

        Assert.Equal(first, await _releases.AddAsync(first with { Risk = new(RiskLevel.Low, "x") }, [], Token));
        Assert.Equal(
            first,
            await _releases.AddAsync(Release("3") with { Ref = new("3", first.Ref.Digest) }, [], Token)
        );
        // Of the two that are in the way, the one of the name.
        Assert.Equal(
            "2",
            (await _releases.AddAsync(Release("2") with { Ref = new("2", first.Ref.Digest) }, [], Token))!.Ref.Name
        );
        Assert.Equal(first, await _releases.FindAsync("1", Token));
    }

    [Fact]
    public async Task The_latest_judging_that_ended_is_the_release_s()
    {
        await _releases.AddAsync(Release("1"), [], Token);
        await _releases.AddAsync(Release("0"), [], Token);
        var first = await RequestAsync("1", from: "0");
        await EndAsync(first, new(1, 2, 3), ReleaseClass.D);
        var failed = await RequestAsync("1", from: null);
        await _validations.ClaimAsync(failed, "s", Lease, Now, Token);
        await _validations.FailAsync(Due(failed, "1"), "s", "the disk is full", Now, Token);
        await RequestAsync("1", from: null);

        var ended = (await _releases.FindAsync("1", Token))!.Validation!;

        Assert.Equal(new ValidationSummary(first, "0", new(1, 2, 3), ReleaseClass.D, Now, new('c', 64)), ended);
        Assert.Equal("the disk is full", (await _validations.FindAsync(failed, Token))!.Failure);
    }

    [Fact]
    public async Task Asking_again_while_one_waits_is_asking_once()
    {
        await _releases.AddAsync(Release("1"), [], Token);
        await _releases.AddAsync(Release("0"), [], Token);

        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RequestAsync("1", from: null)));
        var other = await RequestAsync("1", from: "0");

        Assert.Single(asked.Distinct());
        Assert.NotEqual(asked[0], other);
        Assert.Equal(2, (await _validations.DueAsync(Token)).Count);
    }

    [Fact]
    public async Task A_judging_is_one_server_s_until_its_lease_is_lost()
    {
        await _releases.AddAsync(Release("1"), [], Token);
        var id = await RequestAsync("1", from: null);

        Assert.True(await _validations.ClaimAsync(id, "a", Lease, Now, Token));
        Assert.False(await _validations.ClaimAsync(id, "b", Lease, Now, Token));
        Assert.Empty(await _validations.DueAsync(Token));
        Assert.False(await _validations.RenewAsync(id, "b", Lease, Token));
        Assert.True(await _validations.RenewAsync(id, "a", Lease, Token));

        await ExpireAsync();
        Assert.True(await _validations.ClaimAsync(id, "b", Lease, Now, Token));

        // Who was frozen meanwhile changes nothing.
        Assert.False(await _validations.RenewAsync(id, "a", Lease, Token));
        await _validations.EndAsync(Due(id, "1"), "a", Ended(id, new(9, 9, 9)), Token);
        await _validations.FailAsync(Due(id, "1"), "a", "no", Now, Token);
        Assert.Equal(ValidationState.Running, (await _validations.FindAsync(id, Token))!.State);
    }

    [Fact]
    public async Task A_judging_that_ends_server_after_server_fails_in_the_end()
    {
        await _releases.AddAsync(Release("1"), [], Token);
        var id = await RequestAsync("1", from: null);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.True(await _validations.ClaimAsync(id, $"s{attempt}", Lease, Now, Token));
            await ExpireAsync();
        }

        Assert.False(await _validations.ClaimAsync(id, "s3", Lease, Now, Token));

        var failed = (await _validations.FindAsync(id, Token))!;
        Assert.Equal(ValidationState.Failed, failed.State);
        Assert.Contains("3 times", failed.Failure, StringComparison.Ordinal);
        Assert.Empty(await _validations.DueAsync(Token));
    }

    public async ValueTask InitializeAsync()
    {
        _database = ControlDatabase.Open(await cluster.ControlDatabaseAsync());
        (_releases, _validations) = (new(_database), new(_database));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ReleaseRecord Release(string name) =>
        new(
            new ReleaseRef(name, ReleaseDigest.Create($"sha256:{new string(name[0], 64)}")),
            ReleaseNotes.None,
            ReleaseRisk.Normal,
            Now,
            "os/0"
        );

    private static DueValidation Due(ValidationId id, string release) =>
        new(id, release, Release(release).Ref.Digest, null, null);

    private static ValidationSummary Ended(ValidationId id, FindingCounts counts, ReleaseClass? proposed = null) =>
        new(id, null, counts, proposed, Now, new string('c', 64));

    private async Task<ValidationId> RequestAsync(string release, string? from) =>
        (
            await _validations.RequestAsync(
                new(
                    ValidationId.New(TimeProvider.System),
                    release,
                    from,
                    ValidationState.Queued,
                    Now,
                    "os/0",
                    null,
                    null,
                    null
                ),
                Release(release).Ref.Digest,
                Token
            )
        ).Id;

    private async Task EndAsync(ValidationId id, FindingCounts counts, ReleaseClass proposed)
    {
        Assert.True(await _validations.ClaimAsync(id, "s", Lease, Now, Token));
        await _validations.EndAsync(Due(id, "1"), "s", Ended(id, counts, proposed), Token);
    }

    private async Task ExpireAsync()
    {
        await using var command = _database.CreateCommand(
            "update release_validation set lease_until = clock_timestamp() - interval '1 s' where state = 'running'"
        );
        await command.ExecuteNonQueryAsync(Token);
    }
}
