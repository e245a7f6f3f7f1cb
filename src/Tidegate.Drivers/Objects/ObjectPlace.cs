using System.Text.Json;
using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Objects;

/// <summary>Where a site's backups of tenants go: what <c>objects.json</c> of its home says. Secrets are named, never told.</summary>
/// <param name="Kind"><c>folder</c> or <c>s3</c>.</param>
/// <param name="Folder">Absolute path of the folder; null for the home's own.</param>
/// <param name="Endpoint">Of the S3 service: https, or http on this machine.</param>
/// <param name="Prefix">Before every key, so that several sites can share a bucket.</param>
/// <param name="Region">What requests are signed for.</param>
/// <param name="AccessKey">Name of the secret that holds the access key's id.</param>
/// <param name="SecretKey">Name of the secret that holds the secret key.</param>
/// <param name="LockDays">How long the bucket is to hold every object of a backup; null for not at all. The bucket must have object lock.</param>
/// <param name="EveryHours">A tenant whose newest backup is older gets another; null for none but those that people order.</param>
public sealed record ObjectPlace(
    string Kind = ObjectPlace.FolderKind,
    string? Folder = null,
    string? Endpoint = null,
    string? Bucket = null,
    string? Prefix = null,
    string Region = "us-east-1",
    string? AccessKey = null,
    string? SecretKey = null,
    int? LockDays = null,
    double? EveryHours = null
)
{
    public const string FolderKind = "folder";
    public const string S3Kind = "s3";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    [JsonIgnore]
    public TimeSpan? LockFor => LockDays is { } days ? TimeSpan.FromDays(days) : null;

    [JsonIgnore]
    public TimeSpan? Every => EveryHours is { } hours ? TimeSpan.FromHours(hours) : null;

    /// <summary>What the home's file says; the home's own folder where there is none.</summary>
    /// <exception cref="ObjectPlaceException">The file is wrong.</exception>
    public static ObjectPlace Read(SiteLayout layout)
    {
        if (AtomicFile.Read(layout.ObjectsFile) is not { } text)
        {
            return new();
        }

        try
        {
            var place = JsonSerializer.Deserialize<ObjectPlace>(text, Json) ?? new();
            return place.Refusal() is { } refusal
                ? throw new ObjectPlaceException($"{layout.ObjectsFile}: {refusal}")
                : place;
        }
        catch (JsonException wrong)
        {
            throw new ObjectPlaceException($"{layout.ObjectsFile}: {wrong.Message}", wrong);
        }
    }

    /// <summary>The store itself. Nothing is connected to yet.</summary>
    /// <param name="file">What names this place; null for the home's own file about it.</param>
    /// <exception cref="ObjectPlaceException">A secret is not there.</exception>
    public IRetainingStore Open(SiteLayout layout, TimeProvider clock, string? file = null) =>
        Kind is FolderKind
            ? new FolderObjectStore(Folder ?? layout.Objects, clock)
            : new S3ObjectStore(
                new(
                    new Uri(Endpoint!),
                    Bucket!,
                    Prefix?.Trim('/'),
                    Region,
                    Secret(layout, AccessKey!, file ?? layout.ObjectsFile),
                    Secret(layout, SecretKey!, file ?? layout.ObjectsFile)
                )
            );

    /// <summary>Null, or one sentence that says what is wrong.</summary>
    internal string? Refusal() =>
        (Kind, Endpoint) switch
        {
            (not (FolderKind or S3Kind), _) => $"kind is \"{FolderKind}\" or \"{S3Kind}\", not \"{Kind}\".",
            _ when LockDays is < 1 or > 3650 => "lockDays is 1 to 3650.",
            _ when EveryHours is < 0.1 or > 24 * 31 => "everyHours is 0.1 to 744.",
            (FolderKind, not null) => "a folder has no endpoint.",
            (FolderKind, null) when LockDays is not null => "a folder cannot lock objects; leave lockDays out.",
            (FolderKind, null) => Folder is { } folder && !Path.IsPathFullyQualified(folder)
                ? "folder is an absolute path."
                : null,
            (S3Kind, null) => "s3 needs an endpoint.",
            (S3Kind, { } endpoint) when !IsSafe(endpoint) =>
                $"endpoint \"{endpoint}\" is not https://HOST, or http on this machine, with no user, question mark or address that belongs to no service.",
            _ when Bucket is not { Length: >= 3 and <= 63 } => "s3 needs a bucket.",
            _ when Folder is not null => "s3 has no folder.",
            _ when AccessKey is null || SecretKey is null =>
                "s3 needs accessKey and secretKey: names of files in the home's folder secrets.",
            _ => NameRules.Refusal("secret", AccessKey) ?? NameRules.Refusal("secret", SecretKey),
        };

    private static bool IsSafe(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
        && address is { UserInfo: "", Query: "", Fragment: "" }
        && !OutgoingHost.IsNobodys(address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static string Secret(SiteLayout layout, string name, string file) =>
        AtomicFile.Read(Path.Join(layout.Secrets, name))?.Trim() is { Length: > 0 } secret
            ? secret
            : throw new ObjectPlaceException(
                $"{file} names the secret {name}, and {layout.Secrets} has no such file; put it there."
            );
}

/// <summary>A home's file about its object store is wrong; the message says where and how.</summary>
public sealed class ObjectPlaceException(string message, Exception? inner = null) : Exception(message, inner);
