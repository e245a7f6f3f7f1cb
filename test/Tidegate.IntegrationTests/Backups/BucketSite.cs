using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tidegate.IntegrationTests.Objects;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>A site whose repository is a bucket. The bucket is a fake of the calls that pgBackRest makes, over TLS with a certificate of its own; pgBackRest and PostgreSQL are real.</summary>
public sealed class BucketSite : BackedUpSite
{
    private FakeS3? _bucket;

    public IReadOnlyDictionary<string, byte[]> Objects => _bucket!.Objects;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected override async Task PrepareAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("127.0.0.1");
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _bucket = await FakeS3.StartAsync(certificate);
        var layout = Home.Layout;
        var ca = Path.Combine(layout.Home, "ca.pem");
        await File.WriteAllTextAsync(ca, certificate.ExportCertificatePem(), Token);
        File.SetUnixFileMode(
            ca,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        );
        Directory.CreateDirectory(layout.Secrets);
        await File.WriteAllTextAsync(Path.Combine(layout.Secrets, "s3-access"), "access\n", Token);
        await File.WriteAllTextAsync(Path.Combine(layout.Secrets, "s3-secret"), "not-to-be-told\n", Token);
        await File.WriteAllTextAsync(
            layout.RepositoryFile,
            $$"""
            {
              "kind": "s3", "endpoint": "https://127.0.0.1:{{_bucket.Endpoint.Port}}", "bucket": "backups", "prefix": "oslo",
              "accessKey": "s3-access", "secretKey": "s3-secret", "caFile": "{{ca}}"
            }
            """,
            Token
        );
    }

    protected override ValueTask EndAsync() => _bucket?.DisposeAsync() ?? ValueTask.CompletedTask;
}
