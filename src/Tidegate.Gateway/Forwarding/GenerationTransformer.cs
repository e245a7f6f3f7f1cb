using Microsoft.AspNetCore.Http;
using Tidegate.Gateway.Metering;
using Yarp.ReverseProxy.Forwarder;

namespace Tidegate.Gateway.Forwarding;

/// <summary>What a generation is told beside the client's request, which goes through as it came: host, path, query, body.</summary>
internal sealed class GenerationTransformer(string database, string? forwardedProto, RouteMeter meter) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        var request = httpContext.Request;
        var headers = proxyRequest.Headers;
        headers.TryAddWithoutValidation("X-Tidegate-Database", database);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", forwardedProto ?? request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());

        // SocketsHttpHandler sends a request anew when a kept connection ends before the answer, unless it has content.
        if (proxyRequest.Content is null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            proxyRequest.Content = new ByteArrayContent([]);
        }
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext,
        HttpResponseMessage? proxyResponse,
        CancellationToken cancellationToken
    )
    {
        if (proxyResponse is not null && RpcErrorPeek.IsAnswer(httpContext.Request, proxyResponse))
        {
            httpContext.Response.Body = new RpcErrorPeek(httpContext.Response.Body, meter);
        }

        return base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }
}
