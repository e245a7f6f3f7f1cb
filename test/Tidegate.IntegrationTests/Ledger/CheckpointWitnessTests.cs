using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tidegate.ControlPlane.Ledger;
using Tidegate.Drivers.Ledger;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Objects;

namespace Tidegate.IntegrationTests.Ledger;

/// <summary>The home's own file.</summary>
public sealed class CheckpointFileTests : CheckpointWitnessContract
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-witness-").FullName);

    [Fact]
    public async Task Half_a_line_that_a_crash_left_is_ended_and_the_same_is_one_line()
    {
        var witness = await OpenAsync();
        await witness.KeepAsync(Sign(7), Token);
        await File.AppendAllTextAsync(witness.Where, "{\"size\":9,\"ro", Token);
        var next = Sign(12);
        await witness.KeepAsync(next, Token);
        await witness.KeepAsync(next, Token);

        Assert.Equal(3, (await LinesAsync()).Count);
        Assert.Equal([7, 12], LedgerReading.Checkpoints(await LinesAsync()).Select(kept => kept.Size));
    }

    internal override Task<ICheckpointWitness> OpenAsync() =>
        Task.FromResult<ICheckpointWitness>(new CheckpointFile(_layout));

    internal override async Task<IReadOnlyList<string>> LinesAsync() =>
        await File.ReadAllLinesAsync(_layout.LedgerCheckpoints, Token);

    internal override Task SetAwayAsync(bool isAway)
    {
        var folder = Path.GetDirectoryName(_layout.LedgerCheckpoints)!;
        if (isAway)
        {
            File.WriteAllText(folder, "no folder");
        }
        else
        {
            File.Delete(folder);
        }

        return Task.CompletedTask;
    }

    protected override void Dispose(bool isDisposing) => Directory.Delete(_layout.Home, recursive: true);
}

/// <summary>A folder, on another machine's disk for example.</summary>
public sealed class CheckpointFolderTests : CheckpointWitnessContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tg-witness-").FullName;

    private string Store => Path.Join(_folder, "store");

    internal override Task<ICheckpointWitness> OpenAsync() =>
        Task.FromResult<ICheckpointWitness>(
            new CheckpointObjects(
                new FolderObjectStore(Store, TimeProvider.System),
                Store,
                lockFor: null,
                TimeProvider.System
            )
        );

    internal override Task<IReadOnlyList<string>> LinesAsync() =>
        Task.FromResult<IReadOnlyList<string>>([
            .. Directory
                .EnumerateFiles(Store, "*", SearchOption.AllDirectories)
                .SelectMany(file => File.ReadAllLines(file)),
        ]);

    internal override Task SetAwayAsync(bool isAway)
    {
        if (isAway)
        {
            File.WriteAllText(Store, "no folder");
        }
        else
        {
            File.Delete(Store);
        }

        return Task.CompletedTask;
    }

    protected override void Dispose(bool isDisposing) => Directory.Delete(_folder, recursive: true);
}

/// <summary>A bucket, of our fake of S3.</summary>
public sealed class CheckpointBucketTests : CheckpointWitnessContract, IAsyncDisposable
{
    private readonly List<S3ObjectStore> _stores = [];
    private FakeS3? _fake;

    [Fact]
    public async Task Each_is_locked_where_the_store_is_to_hold_it()
    {
        var store = await StoreAsync();
        var witness = new CheckpointObjects(store, "a bucket", TimeSpan.FromDays(10), TimeProvider.System);
        var checkpoint = Sign(7);
        await witness.KeepAsync(checkpoint, Token);

        Assert.Equal(checkpoint.At.AddDays(10), Assert.Single(_fake!.Locks).Value);
    }

    internal override async Task<ICheckpointWitness> OpenAsync() =>
        new CheckpointObjects(await StoreAsync(), "a bucket", lockFor: null, TimeProvider.System);

    internal override Task<IReadOnlyList<string>> LinesAsync() =>
        Task.FromResult<IReadOnlyList<string>>([
            .. _fake!.Objects.Values.Select(content => Encoding.UTF8.GetString(content)),
        ]);

    internal override Task SetAwayAsync(bool isAway)
    {
        _fake!.Refuses = isAway;
        return Task.CompletedTask;
    }

    protected override void Dispose(bool isDisposing)
    {
        foreach (var store in _stores)
        {
            store.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (_fake is not null)
        {
            await _fake.DisposeAsync();
        }
    }

    private async Task<S3ObjectStore> StoreAsync()
    {
        _fake ??= await FakeS3.StartAsync();
        _stores.Add(new(new(_fake.Endpoint, "witness", "oslo", "us-east-1", "key", "secret")));
        return _stores[^1];
    }
}

/// <summary>An address that is told of each.</summary>
public sealed class CheckpointWebhookTests : CheckpointWitnessContract, IAsyncDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-witness-").FullName);
    private readonly List<CheckpointWebhook> _opened = [];
    private WebhookReceiver? _receiver;

    protected override bool GivesBack => false;

    [Fact]
    public async Task It_follows_nobody_elsewhere()
    {
        var witness = await OpenAsync();
        await using var other = await WebhookReceiver.StartAsync();
        _receiver!.RedirectTo = other.Address;

        var refused = await Assert.ThrowsAnyAsync<IOException>(() => witness.KeepAsync(Sign(7), Token));

        Assert.Contains("redirects are not followed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(other.Bodies);
    }

    [Fact]
    public async Task It_sends_the_secret_that_is_named_and_tells_nobody_else()
    {
        await WriteSecretAsync("witness-token", "s3cr3t-of-the-witness");
        var witness = await OpenAsync("/hooks/only-we-know", "witness-token");
        await witness.KeepAsync(Sign(7), Token);

        Assert.Equal(["Bearer s3cr3t-of-the-witness"], _receiver!.Authorizations);
        Assert.DoesNotContain("only-we-know", witness.Where, StringComparison.Ordinal);
        _receiver.Status = 500;
        var refused = await Assert.ThrowsAnyAsync<IOException>(() => witness.KeepAsync(Sign(8), Token));
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("only-we-know", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_named()
    {
        var witness = await OpenAsync("/", "nothing");
        var refused = await Assert.ThrowsAnyAsync<IOException>(() => witness.KeepAsync(Sign(7), Token));
        Assert.Contains("nothing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_never_answers_is_given_up_within_a_bound()
    {
        var clock = new FakeTimeProvider();
        var witness = await OpenAsync("/", null, clock);
        using var never = _receiver!.Stall();
        var keeping = witness.KeepAsync(Sign(7), Token);
        await _receiver.Stalled;
        clock.Advance(TimeSpan.FromSeconds(30));

        var refused = await Assert.ThrowsAnyAsync<IOException>(() => keeping);
        Assert.Contains("did not answer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_nobodys_is_not_connected_to()
    {
        using var witness = new CheckpointWebhook(
            new Uri("http://169.254.169.254:9/"),
            null,
            new HomeSecrets(_layout),
            TimeProvider.System
        );
        var refused = await Assert.ThrowsAnyAsync<IOException>(() => witness.KeepAsync(Sign(7), Token));
        Assert.Contains("belongs to no service", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_https_it_tells_only_who_is_who_they_say()
    {
        using var certificate = Certificate(IPAddress.Loopback);
        using var elsewhere = Certificate(IPAddress.Parse("192.0.2.1"));
        await WriteSecretAsync("witness-token", "s3cr3t-of-the-witness");
        await using var receiver = await WebhookReceiver.StartAsync(certificate);
        await using var impostor = await WebhookReceiver.StartAsync(elsewhere);
        Assert.StartsWith("https://127.0.0.1:", receiver.Address, StringComparison.Ordinal);

        using var witness = Trusting(receiver, certificate);
        await witness.KeepAsync(Sign(7), Token);
        Assert.Equal(["Bearer s3cr3t-of-the-witness"], receiver.Authorizations);
        Assert.Single(receiver.Bodies);

        // Signed by nobody that this machine believes; signed by one, for another address.
        using var strange = Trusting(receiver, null);
        using var mistaken = Trusting(impostor, elsewhere);
        await Assert.ThrowsAnyAsync<IOException>(() => strange.KeepAsync(Sign(8), Token));
        await Assert.ThrowsAnyAsync<IOException>(() => mistaken.KeepAsync(Sign(8), Token));
        Assert.Single(receiver.Bodies);
        Assert.Empty(impostor.Bodies);
        Assert.Empty(impostor.Authorizations);

        CheckpointWebhook Trusting(WebhookReceiver whom, X509Certificate2? authority) =>
            new(
                new Uri(whom.Address),
                "witness-token",
                new HomeSecrets(_layout),
                TimeProvider.System,
                authority is null
                    ? null
                    : new()
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { authority },
                        RevocationMode = X509RevocationMode.NoCheck,
                    }
            );
    }

    internal override Task<ICheckpointWitness> OpenAsync() => OpenAsync("/", null);

    internal override Task<IReadOnlyList<string>> LinesAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. _receiver!.Bodies]);

    internal override Task SetAwayAsync(bool isAway)
    {
        _receiver!.Status = isAway ? 503 : 204;
        return Task.CompletedTask;
    }

    protected override void Dispose(bool isDisposing)
    {
        foreach (var witness in _opened)
        {
            witness.Dispose();
        }

        Directory.Delete(_layout.Home, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }
    }

    private async Task<ICheckpointWitness> OpenAsync(string path, string? secret, TimeProvider? clock = null)
    {
        _receiver ??= await WebhookReceiver.StartAsync();
        _opened.Add(
            new(new Uri(_receiver.Address + path), secret, new HomeSecrets(_layout), clock ?? TimeProvider.System)
        );
        return _opened[^1];
    }

    private static X509Certificate2 Certificate(IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a witness", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private Task WriteSecretAsync(string name, string secret)
    {
        Directory.CreateDirectory(_layout.Secrets);
        return File.WriteAllTextAsync(Path.Join(_layout.Secrets, name), secret + "\n", Token);
    }
}
