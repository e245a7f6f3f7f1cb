using Tidegate.ControlPlane.Ledger;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>What every witness of the ledger's checkpoints promises.</summary>
public abstract class CheckpointWitnessContract : IDisposable
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly LedgerKey _key = LedgerKey.Create();

    /// <summary>Whether what it keeps can be read back.</summary>
    protected virtual bool GivesBack => true;

    /// <summary>The witness, as a server that has just started has it; each time of the same place.</summary>
    internal abstract Task<ICheckpointWitness> OpenAsync();

    /// <summary>What lies at that place, as lines.</summary>
    internal abstract Task<IReadOnlyList<string>> LinesAsync();

    /// <summary>Takes the place away, or brings it back.</summary>
    internal abstract Task SetAwayAsync(bool isAway);

    [Fact]
    public async Task What_is_kept_is_what_was_signed()
    {
        LedgerCheckpoint[] signed = [Sign(7), Sign(12), Sign(1_000_000)];
        foreach (var checkpoint in signed)
        {
            await (await OpenAsync()).KeepAsync(checkpoint, Token);
        }

        Assert.Equal(signed, LedgerReading.Checkpoints(await LinesAsync()).OrderBy(kept => kept.Size));
        Assert.Equal(GivesBack ? signed.Select(Of) : [], await GivenBackAsync());
    }

    [Fact]
    public async Task Keeping_the_same_again_is_the_same_also_after_a_start()
    {
        var checkpoint = Sign(7);
        var witness = await OpenAsync();
        await witness.KeepAsync(checkpoint, Token);
        await witness.KeepAsync(checkpoint, Token);
        await (await OpenAsync()).KeepAsync(checkpoint, Token);

        Assert.Equal(checkpoint, LedgerReading.Checkpoints(await LinesAsync()).Distinct().Single());
        Assert.Equal(GivesBack ? [Of(checkpoint)] : [], await GivenBackAsync());
    }

    [Fact]
    public async Task Two_histories_of_one_size_are_both_kept()
    {
        await (await OpenAsync()).KeepAsync(Sign(7), Token);
        await (await OpenAsync()).KeepAsync(Sign(7, fill: 9), Token);

        Assert.Equal(2, LedgerReading.Checkpoints(await LinesAsync()).Select(kept => kept.Root).Distinct().Count());
    }

    [Fact]
    public async Task One_that_is_away_says_so_and_takes_again_when_it_is_back()
    {
        var witness = await OpenAsync();
        await SetAwayAsync(true);
        await Assert.ThrowsAnyAsync<IOException>(() => witness.KeepAsync(Sign(7), Token));

        await SetAwayAsync(false);
        await witness.KeepAsync(Sign(7), Token);

        Assert.Single(LedgerReading.Checkpoints(await LinesAsync()).Distinct());
    }

    [Fact]
    public async Task What_came_since_is_read_alone()
    {
        var witness = await OpenAsync();
        LedgerCheckpoint[] signed = [.. Enumerable.Range(1, 40).Select(number => Sign(10 * number))];
        foreach (var checkpoint in signed)
        {
            await witness.KeepAsync(checkpoint, Token);
        }

        foreach (var beyond in new[] { 10, 200, 380, 390, 400, 1000 })
        {
            var since = signed.Where(checkpoint => checkpoint.Size > beyond).Select(Of);
            Assert.Equal(GivesBack ? since : [], await GivenBackAsync(beyond));
        }
    }

    [Fact]
    public async Task Where_nothing_was_kept_nothing_is_read() => Assert.Empty(await GivenBackAsync());

    public void Dispose()
    {
        _key.Dispose();
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool isDisposing);

    internal LedgerCheckpoint Sign(long size, byte fill = 1) =>
        _key.Sign(
            size,
            [.. Enumerable.Repeat(fill, MerkleTree.HashSize)],
            new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero)
        );

    private static KeptCheckpoint Of(LedgerCheckpoint checkpoint) => new(checkpoint.Size, checkpoint.Root);

    private async Task<List<KeptCheckpoint>> GivenBackAsync(long beyond = 0) =>
        [.. (await (await OpenAsync()).KeptAsync(beyond, Token).ToListAsync(Token)).OrderBy(kept => kept.Size)];
}
