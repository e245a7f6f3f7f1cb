using Tidegate.ControlPlane.Accounts;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Accounts;

/// <summary>In the home's folder of secrets, mode 0600.</summary>
internal sealed class BootstrapFile(SiteLayout layout) : IBootstrapFile
{
    public string Write(AccountName person, string secret)
    {
        Directory.CreateDirectory(layout.Secrets);
        var path = layout.BootstrapSecret(person);
        AtomicFile.Write(path, secret + "\n");
        return path;
    }

    public void Remove(AccountName person) => File.Delete(layout.BootstrapSecret(person));
}
