namespace Tidegate.Drivers.Runtimes;

/// <summary>Speaks to generations on their internal ports: no cookies, no redirects, no proxy.</summary>
public sealed class GenerationHttp : IDisposable
{
    // Above Odoo's own limit of a request, which is to be the one that acts.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    internal HttpClient Client { get; } =
        new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                UseProxy = false,
            }
        )
        {
            Timeout = Timeout,
        };

    public void Dispose() => Client.Dispose();
}
