using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Tidegate.IntegrationTests.Objects;

/// <summary>
/// A FAKE of an S3 service, ours, on loopback: the calls that our store makes, as Amazon's API reference has them —
/// conditional puts, multipart uploads, lists in pages, object lock. It checks no signature. What it says about a real
/// service is as much as this reading of the reference is right.
/// </summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    private static readonly DateTime Changed = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Small, so that lists have several pages.</summary>
    private const int PageSize = 3;

    private static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, byte[]>> _uploads = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, DateTimeOffset> _locks = new(StringComparer.Ordinal);
    private int _uploadNumber;

    private FakeS3(WebApplication application) => _application = application;

    public Uri Endpoint => new(_application.Urls.First());

    /// <summary>Whether it honours conditions on puts, as older services do not.</summary>
    public bool HonoursConditions { get; set; } = true;

    /// <summary>Whether it refuses everything, as one whose credentials have run out.</summary>
    public bool Refuses { get; set; }

    /// <summary>Uploads in parts that were begun and neither completed nor aborted.</summary>
    public int OpenUploads => _uploads.Count;

    public IReadOnlyDictionary<string, byte[]> Objects => _objects;

    public IReadOnlyDictionary<string, DateTimeOffset> Locks => _locks;

    /// <summary>Keys that were removed without naming a version: their objects are still there, and cost.</summary>
    public ConcurrentBag<string> Hidden { get; } = [];

    /// <summary>What every request carried, without the signature.</summary>
    public ConcurrentBag<string> Requests { get; } = [];

    /// <param name="certificate">Null for plain http.</param>
    public static async Task<FakeS3> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(
                IPAddress.Loopback,
                port: 0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            );
        });
        var fake = new FakeS3(builder.Build());
        fake._application.Run(fake.AnswerAsync);
        await fake._application.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None); // also when the test was cancelled
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, query) = (context.Request, context.Request.Query);
        var path = Uri.UnescapeDataString(context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0])
            .TrimStart('/');
        var key = path.Contains('/', StringComparison.Ordinal) ? path[(path.IndexOf('/') + 1)..] : "";
        Requests.Add($"{request.Method} {path}{request.QueryString}");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        if (Refuses)
        {
            context.Response.StatusCode = 403;
            return;
        }

        switch (request.Method)
        {
            case "PUT" when query.ContainsKey("retention"):
                LockObject(context, key, body.ToArray());
                break;
            case "PUT" when query.ContainsKey("partNumber"):
                PutPart(context, query, body.ToArray());
                break;
            case "PUT":
                Put(context, key, body.ToArray());
                break;
            case "POST" when query.ContainsKey("uploads"):
                await BeginAsync(context, key);
                break;
            case "POST" when query.ContainsKey("delete"):
                await DeleteAllAsync(context, body.ToArray());
                break;
            case "POST" when query.ContainsKey("uploadId"):
                await CompleteAsync(context, key, query["uploadId"]!, body.ToArray());
                break;
            case "GET" when query.ContainsKey("retention"):
                await RetentionAsync(context, key);
                break;
            case "GET" when key.Length == 0:
                await ListAsync(context, query);
                break;
            case "GET" or "HEAD":
                await GetAsync(context, key);
                break;
            case "DELETE" when query.ContainsKey("uploadId"):
                _uploads.TryRemove(query["uploadId"]!, out _);
                context.Response.StatusCode = 204;
                break;
            case "DELETE":
                Delete(context, key);
                break;
            default:
                context.Response.StatusCode = 501;
                break;
        }
    }

    private void Put(HttpContext context, string key, byte[] content) => Store(context, key, content);

    private bool Store(HttpContext context, string key, byte[] content)
    {
        var onlyNew = HonoursConditions && context.Request.Headers.IfNoneMatch == "*";
        if (onlyNew ? !_objects.TryAdd(key, content) : (_objects[key] = content) is null)
        {
            context.Response.StatusCode = 412;
            return false;
        }

        context.Response.Headers.ETag = Tag(content);
        return true;
    }

    private void PutPart(HttpContext context, IQueryCollection query, byte[] content)
    {
        _uploads[query["uploadId"]!][int.Parse(query["partNumber"]!, CultureInfo.InvariantCulture)] = content;
        context.Response.Headers.ETag = Tag(content);
    }

    private Task BeginAsync(HttpContext context, string key)
    {
        var id = $"upload-{Interlocked.Increment(ref _uploadNumber)}";
        _uploads[id] = new();
        return WriteAsync(
            context,
            new XElement(
                Xml + "InitiateMultipartUploadResult",
                new XElement(Xml + "Key", key),
                new XElement(Xml + "UploadId", id)
            )
        );
    }

    private async Task CompleteAsync(HttpContext context, string key, string id, byte[] body)
    {
        var parts = _uploads[id];
        var wanted = XDocument
            .Parse(Encoding.UTF8.GetString(body))
            .Descendants()
            .Where(element => element.Name.LocalName is "PartNumber")
            .Select(element => int.Parse(element.Value, CultureInfo.InvariantCulture));
        if (Store(context, key, [.. wanted.SelectMany(part => parts[part])]))
        {
            _uploads.TryRemove(id, out _);
            await WriteAsync(
                context,
                new XElement(
                    Xml + "CompleteMultipartUploadResult",
                    new XElement(Xml + "Key", key),
                    new XElement(Xml + "ETag", "x")
                )
            );
        }
    }

    private async Task GetAsync(HttpContext context, string key)
    {
        if (!_objects.TryGetValue(key, out var content))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.Headers.ETag = Tag(content);
        context.Response.Headers["x-amz-version-id"] = "1";
        context.Response.Headers.LastModified = Changed.ToString("R", CultureInfo.InvariantCulture);
        if (context.Request.GetTypedHeaders().Range?.Ranges.SingleOrDefault() is { From: { } from } range)
        {
            content = content[(int)from..(int)Math.Min(content.Length, (range.To ?? content.Length - 1) + 1)];
            context.Response.StatusCode = 206;
        }

        context.Response.ContentLength = content.Length;
        if (context.Request.Method is "GET")
        {
            await context.Response.Body.WriteAsync(content);
        }
    }

    private async Task ListAsync(HttpContext context, IQueryCollection query)
    {
        var (next, prefix) = (query["continuation-token"].ToString(), query["prefix"].ToString());
        var after = next.Length > 0 ? next : query["start-after"].ToString();
        var delimiter = query["delimiter"].ToString();
        // With a delimiter everything behind it is one entry, of no content.
        var found = _objects
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(pair =>
                delimiter.Length > 0
                && pair.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var end
                    ? KeyValuePair.Create(pair.Key[..(end + 1)], (byte[]?)null)
                    : KeyValuePair.Create(pair.Key, (byte[]?)pair.Value)
            )
            .DistinctBy(entry => entry.Key)
            .Where(pair => string.CompareOrdinal(pair.Key, after) > 0)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();
        var page = found.Take(PageSize).ToList();
        await WriteAsync(
            context,
            new XElement(
                Xml + "ListBucketResult",
                new XElement(Xml + "KeyCount", page.Count),
                new XElement(Xml + "IsTruncated", found.Count > page.Count ? "true" : "false"),
                found.Count > page.Count ? new XElement(Xml + "NextContinuationToken", page[^1].Key) : null,
                page.Select(pair =>
                    pair.Value is null
                        ? new XElement(Xml + "CommonPrefixes", new XElement(Xml + "Prefix", pair.Key))
                        : new XElement(
                            Xml + "Contents",
                            new XElement(Xml + "Key", pair.Key),
                            new XElement(Xml + "LastModified", Changed.ToString("o", CultureInfo.InvariantCulture)),
                            new XElement(Xml + "Size", pair.Value.Length)
                        )
                )
            )
        );
    }

    /// <summary>Without a version it hides the object, locked or not, as a bucket that keeps versions does.</summary>
    private void Delete(HttpContext context, string key)
    {
        if (!context.Request.Query.ContainsKey("versionId"))
        {
            Hidden.Add(key);
        }
        else if (_locks.TryGetValue(key, out var until) && until > TimeProvider.System.GetUtcNow())
        {
            context.Response.StatusCode = 403;
            return;
        }

        _objects.TryRemove(key, out _);
        context.Response.StatusCode = 204;
    }

    private Task DeleteAllAsync(HttpContext context, byte[] body)
    {
        foreach (
            var key in XDocument
                .Parse(Encoding.UTF8.GetString(body))
                .Descendants()
                .Where(element => element.Name.LocalName is "Key")
        )
        {
            Hidden.Add(key.Value);
            _objects.TryRemove(key.Value, out _);
        }

        return WriteAsync(context, new XElement(Xml + "DeleteResult"));
    }

    private void LockObject(HttpContext context, string key, byte[] body)
    {
        var until = XDocument
            .Parse(Encoding.UTF8.GetString(body))
            .Descendants()
            .Single(element => element.Name.LocalName is "RetainUntilDate");
        _locks[key] = DateTimeOffset.Parse(until.Value, CultureInfo.InvariantCulture);
        context.Response.StatusCode = 200;
    }

    private async Task RetentionAsync(HttpContext context, string key)
    {
        if (!_locks.TryGetValue(key, out var until))
        {
            context.Response.StatusCode = 404;
            return;
        }

        await WriteAsync(
            context,
            new XElement(
                Xml + "Retention",
                new XElement(Xml + "Mode", "GOVERNANCE"),
                new XElement(
                    Xml + "RetainUntilDate",
                    until.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
                )
            )
        );
    }

    private static Task WriteAsync(HttpContext context, XElement element)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(new XDocument(element).ToString());
    }

#pragma warning disable CA5351 // S3's own tag, which clients compare
    private static string Tag(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";
#pragma warning restore CA5351
}
