using System.Globalization;
using System.Net;
using System.Text;

namespace Tidegate.Demo.Traffic;

/// <summary>An answer that was read to its last byte.</summary>
internal sealed record Answer(HttpStatusCode Status, string ContentType, Uri? Location, TimeSpan Held, byte[] Body)
{
    /// <summary>The gateway's mark on the answer of a request that it held, in milliseconds.</summary>
    public const string HeldHeader = "X-Tidegate-Held";

    public bool IsRedirect => (int)Status is >= 300 and < 400;

    public string Text => Encoding.UTF8.GetString(Body);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType ?? "",
            response.Headers.Location,
            HeldIn(response),
            await response.Content.ReadAsByteArrayAsync(cancellationToken)
        );

    private static TimeSpan HeldIn(HttpResponseMessage response) =>
        response.Headers.TryGetValues(HeldHeader, out var values)
        && double.TryParse(values.First(), CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.Zero;
}
