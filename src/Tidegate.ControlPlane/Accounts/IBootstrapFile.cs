namespace Tidegate.ControlPlane.Accounts;

/// <summary>Where the first administrator's one-time secret is: a file that only the home's own user can read.</summary>
public interface IBootstrapFile
{
    /// <summary>Writes it, in place of an older one.</summary>
    /// <returns>Its path.</returns>
    string Write(AccountName person, string secret);

    /// <summary>Removes it. Doing it twice is no error.</summary>
    void Remove(AccountName person);
}
