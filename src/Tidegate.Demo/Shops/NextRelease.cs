using System.Globalization;

namespace Tidegate.Demo.Shops;

/// <summary>A release made from another's addons: its module <c>shop_suite</c> is newer, and nothing else differs.</summary>
/// <param name="Number">Counts from 1; a higher one is a newer version.</param>
internal sealed record NextRelease(int Number)
{
    private const string Module = "shop_suite";
    private const string FirstVersion = "19.0.1.0.0";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"2027.1.{Number}");

    private string Version => string.Create(CultureInfo.InvariantCulture, $"19.0.2.{Number}.0");

    /// <summary>Writes its addons.</summary>
    /// <param name="origin">The addons that it is made from.</param>
    /// <param name="addons">A folder that does not exist yet.</param>
    /// <param name="migration">One line of Python that may use <c>cr</c> and <c>time</c>: the module's migration.</param>
    public Task WriteAsync(string origin, string addons, string migration, CancellationToken cancellationToken) =>
        new NewerAddons(Module, FirstVersion, Version).WriteAsync(origin, addons, migration, cancellationToken);
}
