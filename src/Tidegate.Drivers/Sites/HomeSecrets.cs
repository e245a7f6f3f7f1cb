using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Sites;

/// <summary>Secrets of this home: files of its folder <c>secrets</c>, read anew each time, so that one that changes counts at once.</summary>
public sealed class HomeSecrets(SiteLayout layout) : IWebhookSecrets
{
    /// <inheritdoc />
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (NameRules.Refusal("secret", name) is not null)
        {
            return null;
        }

        try
        {
            return (await File.ReadAllTextAsync(Path.Join(layout.Secrets, name), cancellationToken)).Trim();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
