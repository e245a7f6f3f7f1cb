using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.Sites;

namespace Tidegate.Tests.Ledger;

/// <summary>What <c>witnesses.json</c> says, and what becomes of one that is wrong: it never stands for no witness.</summary>
public sealed class WitnessPlacesTests : IDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-witnesses-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"webhook": """, "")]
    [InlineData("""{"webhok": {"address": "https://audit.example.com/"}}""", "webhok")]
    [InlineData("""{"store": {"kind": "folder"}}""", "a folder has to be named")]
    [InlineData("""{"store": {"kind": "folder", "folder": "/mnt/audit", "everyHours": 1}}""", "leave everyHours out")]
    [InlineData("""{"webhook": {}}""", "address is no address")]
    [InlineData("""{"webhook": {"address": "http://audit.example.com/"}}""", "http only on this machine")]
    [InlineData("""{"webhook": {"address": "https://us\\er@audit.example.com/"}}""", "address is no address")]
    [InlineData("""{"webhook": {"address": "https://user:s3cr3t@audit.example.com/"}}""", "names a user")]
    [InlineData("""{"webhook": {"address": "https://audit.example.com/#here"}}""", "never sent")]
    [InlineData("""{"webhook": {"address": "https://169.254.169.254/latest"}}""", "belongs to no service")]
    [InlineData("""{"webhook": {"address": "https://audit.example.com/", "secret": "../key"}}""", "secret name")]
    public async Task One_that_is_wrong_refuses_each_checkpoint_and_says_why(string written, string why)
    {
        var witness = Assert.Single(Open(written));

        var refused = await Assert.ThrowsAsync<IOException>(() => witness.KeepAsync(Signed(), Token));

        Assert.Contains(_layout.WitnessesFile, witness.Where, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(await witness.KeptAsync(0, Token).ToListAsync(Token));
    }

    [Fact]
    public void One_that_is_wrong_keeps_no_other_away()
    {
        var witnesses = Open(
            """{"store": {"kind": "folder"}, "webhook": {"address": "https://audit.example.com/only-we-know"}}"""
        );

        Assert.Equal(
            [$"store of {_layout.WitnessesFile}", "https://audit.example.com"],
            witnesses.Select(witness => witness.Where)
        );
        Assert.IsType<CheckpointWebhook>(witnesses[1]).Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public void Without_any_there_is_the_homes_own_file_alone(string? written) => Assert.Empty(Open(written));

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);

    private IReadOnlyList<ICheckpointWitness> Open(string? written)
    {
        if (written is not null)
        {
            File.WriteAllText(_layout.WitnessesFile, written);
        }

        return WitnessPlaces.Open(_layout, TimeProvider.System);
    }

    private static LedgerCheckpoint Signed()
    {
        using var key = LedgerKey.Create();
        return key.Sign(7, new byte[MerkleTree.HashSize], new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero));
    }
}
