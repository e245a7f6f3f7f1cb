using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.Drivers.Objects;

/// <summary>How to reach a bucket.</summary>
/// <param name="Prefix">Before every key, without slashes at its ends; null for none.</param>
public sealed record S3Bucket(
    Uri Endpoint,
    string Name,
    string? Prefix,
    string Region,
    string AccessKey,
    string SecretKey
)
{
    /// <summary>The secret stays out of whatever prints this.</summary>
    public override string ToString() => $"{Endpoint}{Name}/{Prefix}";
}

/// <summary>Objects in a bucket of a service that speaks S3, in path style.</summary>
/// <remarks>
/// A put carries <c>If-None-Match: *</c>. A service that ignores it (older ones do) still gets each key asked for first;
/// of two at once the later one then stays, which for objects that are named by their content is the same.
/// </remarks>
public sealed class S3ObjectStore : IRetainingStore, IDisposable
{
    /// <summary>S3 takes 10,000 parts: the first thousand this large, the others larger.</summary>
    internal const int PartBytes = 8 << 20;

    private const int LargePartBytes = 64 << 20;
    private const int SmallParts = 1000;
    private const string OnlyNew = "*";

    private readonly AmazonS3Client _client;
    private readonly S3Bucket _bucket;
    private readonly string _prefix;

    public S3ObjectStore(S3Bucket bucket)
    {
        _bucket = bucket;
        _prefix = bucket.Prefix is { Length: > 0 } prefix ? $"{prefix}/" : "";
        _client = new AmazonS3Client(
            new BasicAWSCredentials(bucket.AccessKey, bucket.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = bucket.Endpoint.ToString(),
                AuthenticationRegion = bucket.Region,
                ForcePathStyle = true,
                // What newer services send and want beside it, older ones refuse; contents are hashed by us.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );
    }

    public async Task<bool> PutAsync(ObjectKey key, Stream content, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(key, cancellationToken))
        {
            return false;
        }

        var part = new byte[PartBytes];
        var count = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            if (count == part.Length)
            {
                await PutPartsAsync(key, part, content, cancellationToken);
                return true;
            }

            using var whole = new MemoryStream(part, 0, count, writable: false);
            await _client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = _bucket.Name,
                    Key = _prefix + key,
                    InputStream = whole,
                    AutoCloseStream = false,
                    UseChunkEncoding = false,
                    IfNoneMatch = OnlyNew,
                },
                cancellationToken
            );
            return true;
        }
        catch (AmazonS3Exception taken)
            when (taken.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            // Conflict: another put of this key is under way at this instant. One of the two is kept.
            return false;
        }
    }

    public async Task<Stream?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.GetObjectAsync(_bucket.Name, _prefix + key, cancellationToken);
            return answer.ResponseStream;
        }
        catch (AmazonS3Exception absent) when (absent.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await _client.GetObjectMetadataAsync(_bucket.Name, _prefix + key, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception absent) when (absent.StatusCode is HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        ListBehindAsync(prefix, after: "", cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListBehindAsync(
        string prefix,
        string after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? next = null;
        do
        {
            var page = await _client.ListObjectsV2Async(
                new ListObjectsV2Request
                {
                    BucketName = _bucket.Name,
                    Prefix = _prefix + prefix,
                    StartAfter = after.Length > 0 ? _prefix + after : null,
                    ContinuationToken = next,
                },
                cancellationToken
            );
            foreach (var found in page.S3Objects ?? [])
            {
                // What others have put into the bucket by another form of key is not ours.
                if (ObjectKey.TryParse(found.Key[_prefix.Length..], out var key))
                {
                    yield return new(key, found.Size ?? 0);
                }
            }

            next = page.IsTruncated is true ? page.NextContinuationToken : null;
        } while (next is not null);
    }

    /// <summary>
    /// Removes the version that there is. A bucket with locks keeps versions: without naming one, a removal would only
    /// hide the object, also a locked one, and be told as done.
    /// </summary>
    public async Task<ObjectRemoval> RemoveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.GetObjectMetadataAsync(_bucket.Name, _prefix + key, cancellationToken);
            await _client.DeleteObjectAsync(
                new DeleteObjectRequest
                {
                    BucketName = _bucket.Name,
                    Key = _prefix + key,
                    VersionId = found.VersionId is { Length: > 0 } version ? version : null,
                },
                cancellationToken
            );
            return ObjectRemoval.Removed;
        }
        catch (AmazonS3Exception absent) when (absent.StatusCode is HttpStatusCode.NotFound)
        {
            return ObjectRemoval.Removed;
        }
        catch (AmazonS3Exception locked) when (locked.StatusCode is HttpStatusCode.Forbidden)
        {
            return ObjectRemoval.Locked;
        }
    }

    /// <summary>In governance mode: whoever the bucket's owner lets may still lift it.</summary>
    public async Task<bool> LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (await LockedUntilAsync(key, cancellationToken) is { } held && held >= until)
        {
            return true;
        }

        await _client.PutObjectRetentionAsync(
            new PutObjectRetentionRequest
            {
                BucketName = _bucket.Name,
                Key = _prefix + key,
                Retention = new ObjectLockRetention
                {
                    Mode = ObjectLockRetentionMode.Governance,
                    RetainUntilDate = until.UtcDateTime,
                },
            },
            cancellationToken
        );
        return true;
    }

    public void Dispose() => _client.Dispose();

    private async Task<DateTimeOffset?> LockedUntilAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.GetObjectRetentionAsync(
                new GetObjectRetentionRequest { BucketName = _bucket.Name, Key = _prefix + key },
                cancellationToken
            );
            return answer.Retention?.RetainUntilDate is { } until ? new(until.ToUniversalTime()) : null;
        }
        catch (AmazonS3Exception none) when (none.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task PutPartsAsync(ObjectKey key, byte[] first, Stream rest, CancellationToken cancellationToken)
    {
        var upload = (
            await _client.InitiateMultipartUploadAsync(_bucket.Name, _prefix + key, cancellationToken)
        ).UploadId;
        try
        {
            var parts = new List<PartETag>();
            var (part, count) = (first, first.Length);
            do
            {
                parts.Add(await PutPartAsync(key, upload, parts.Count + 1, part.AsMemory(0, count), cancellationToken));
                part = parts.Count == SmallParts ? new byte[LargePartBytes] : part;
                count = await rest.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
            } while (count > 0);

            await _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = _bucket.Name,
                    Key = _prefix + key,
                    UploadId = upload,
                    PartETags = parts,
                    IfNoneMatch = OnlyNew,
                },
                cancellationToken
            );
        }
        catch
        {
            // Parts of an upload that nobody completes cost money and show in no list. The caller may be cancelled.
            await _client.AbortMultipartUploadAsync(_bucket.Name, _prefix + key, upload, CancellationToken.None);
            throw;
        }
    }

    private async Task<PartETag> PutPartAsync(
        ObjectKey key,
        string upload,
        int number,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken
    )
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        var answer = await _client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _bucket.Name,
                Key = _prefix + key,
                UploadId = upload,
                PartNumber = number,
                InputStream = stream,
                UseChunkEncoding = false,
            },
            cancellationToken
        );
        return new PartETag(number, answer.ETag);
    }
}
