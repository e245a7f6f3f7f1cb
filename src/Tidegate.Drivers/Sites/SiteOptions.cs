using System.Text.Json;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Sites;

/// <summary>What a site is started with, as kept in its home.</summary>
/// <param name="Port">Where the gateway listens on 127.0.0.1.</param>
/// <param name="PostgresBinaries">The folder of initdb and postgres.</param>
/// <param name="Name">The site's name: pools name it.</param>
/// <param name="Control">The home of this machine that holds the control plane's database; null when it is this one.</param>
/// <param name="CopiesGb">Disk that copies of tenants' data may take, in gigabytes; null for no bound.</param>
public sealed record SiteOptions(
    int Port,
    string PostgresBinaries,
    string Name = SiteOptions.DefaultName,
    string? Control = null,
    int? CopiesGb = null
)
{
    public const int DefaultPort = 8080;

    public const string DefaultName = "local";

    /// <summary>What the site was last started with; null before the first time.</summary>
    public static SiteOptions? Read(SiteLayout layout) =>
        AtomicFile.Read(layout.SiteFile) is { } text
            ? JsonSerializer.Deserialize<SiteOptions>(text, JsonSerializerOptions.Web)
            : null;

    internal void Write(SiteLayout layout) =>
        AtomicFile.Write(layout.SiteFile, JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
}
