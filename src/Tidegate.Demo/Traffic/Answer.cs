using System.Globalization;
using System.Net;
using System.Text;
using Tidegate.Contracts.Gateway;

namespace Tidegate.Demo.Traffic;

/// <summary>An answer that was read to its last byte.</summary>
internal sealed record Answer(HttpStatusCode Status, string ContentType, Uri? Location, TimeSpan Held, byte[] Body)
{
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
        response.Headers.TryGetValues(GatewayHeaders.Held, out var values)
        && double.TryParse(values.First(), CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.Zero;
}
