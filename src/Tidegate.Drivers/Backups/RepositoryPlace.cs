using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Backups;

/// <summary>The bucket to which a site's cluster backups and its archive go: what <c>backups.json</c> of its home says. Secrets are named, never told.</summary>
/// <param name="Kind"><c>s3</c>.</param>
/// <param name="Endpoint">Of the S3 service, https: pgBackRest speaks nothing else.</param>
/// <param name="Prefix">Before every key. Sites that share a bucket need one each.</param>
/// <param name="Region">What requests are signed for.</param>
/// <param name="AccessKey">Name of the secret that holds the access key's id.</param>
/// <param name="SecretKey">Name of the secret that holds the secret key.</param>
/// <param name="CaFile">Absolute path of the certificates that the service is trusted by; null for the machine's own.</param>
public sealed partial record RepositoryPlace(
    string Kind,
    string Endpoint,
    string Bucket,
    string AccessKey,
    string SecretKey,
    string Prefix = "",
    string Region = "us-east-1",
    string? CaFile = null
)
{
    private const string S3 = "s3";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>What the home's file says; null where there is none: then the repository is a folder below the home.</summary>
    /// <exception cref="RepositoryPlaceException">The file is wrong, or a secret is not there.</exception>
    public static RepositoryPlace? Read(SiteLayout layout)
    {
        if (AtomicFile.Read(layout.RepositoryFile) is not { } text)
        {
            return null;
        }

        try
        {
            var place = JsonSerializer.Deserialize<RepositoryPlace>(text, Json);
            return (place is null ? "it is empty." : place.Refusal()) is { } refusal
                ? throw new RepositoryPlaceException($"{layout.RepositoryFile}: {refusal}")
                : place;
        }
        catch (JsonException wrong)
        {
            throw new RepositoryPlaceException($"{layout.RepositoryFile}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Why the home's repository cannot be used, in a sentence; null when it can.</summary>
    public static string? Refusal(SiteLayout layout)
    {
        try
        {
            _ = Read(layout)?.Settings(layout);
            return null;
        }
        catch (RepositoryPlaceException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>Where the home's repository is, for people.</summary>
    public static string Where(SiteLayout layout) =>
        AtomicFile.Read(layout.RepositoryFile) is null
            ? layout.BackupRepository
            : $"the bucket of {layout.RepositoryFile}";

    /// <summary>Lines of pgBackRest's configuration.</summary>
    /// <exception cref="RepositoryPlaceException">A secret is not there.</exception>
    internal ImmutableArray<string> Settings(SiteLayout layout)
    {
        var endpoint = new Uri(Endpoint);
        return
        [
            "repo1-type=s3",
            $"repo1-path=/{Prefix.Trim('/')}",
            $"repo1-s3-bucket={Bucket}",
            $"repo1-s3-endpoint={endpoint.Host}",
            $"repo1-s3-region={Region}",
            "repo1-s3-uri-style=path",
            $"repo1-s3-key={Secret(layout, AccessKey)}",
            $"repo1-s3-key-secret={Secret(layout, SecretKey)}",
            string.Create(CultureInfo.InvariantCulture, $"repo1-storage-port={endpoint.Port}"),
            .. CaFile is null ? [] : new[] { $"repo1-storage-ca-file={CaFile}" },
        ];
    }

    /// <summary>Null, or one sentence that says what is wrong.</summary>
    internal string? Refusal() =>
        Kind is not S3 ? $"kind is \"{S3}\", not \"{Kind}\"; without the file backups go into a folder of the home."
        : !IsService(Endpoint)
            ? $"endpoint \"{Endpoint}\" is not https://HOST or https://HOST:PORT: pgBackRest speaks nothing else."
        : !BucketName().IsMatch(Bucket) ? $"bucket \"{Bucket}\" is no bucket's name."
        : !PrefixPath().IsMatch(Prefix)
            ? $"prefix \"{Prefix}\" is letters, digits, dots, hyphens, underscores and slashes."
        : !RegionName().IsMatch(Region) ? $"region \"{Region}\" is lower-case letters, digits and hyphens."
        : CaFile is not null && (!Path.IsPathFullyQualified(CaFile) || !File.Exists(CaFile) || HasControls(CaFile))
            ? $"caFile \"{CaFile}\" is the absolute path of a file that is there."
        : NameRules.Refusal("secret", AccessKey) ?? NameRules.Refusal("secret", SecretKey);

    private static bool IsService(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps
        && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
        && !HasControls(endpoint);

    private static bool HasControls(string text) => text.Any(char.IsControl);

    // A line of a configuration each: what has more than one would be settings of its own.
    private static string Secret(SiteLayout layout, string name) =>
        AtomicFile.Read(Path.Join(layout.Secrets, name))?.Trim() is { Length: > 0 } secret && !HasControls(secret)
            ? secret
            : throw new RepositoryPlaceException(
                $"{layout.RepositoryFile} names the secret {name}, and {layout.Secrets} has no such file with one line; put it there."
            );

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A[A-Za-z0-9._/-]{0,200}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PrefixPath();

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RegionName();
}

/// <summary>A home's file about its repository is wrong; the message says where and how.</summary>
public sealed class RepositoryPlaceException(string message, Exception? inner = null) : Exception(message, inner);
