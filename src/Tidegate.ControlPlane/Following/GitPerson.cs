namespace Tidegate.ControlPlane.Following;

/// <summary>A person as git writes one: <c>Ann Lee &lt;ann@example.com&gt;</c>.</summary>
public static class GitPerson
{
    /// <summary>The committer of what GitHub itself merges: it says nothing of who pressed the button.</summary>
    private const string ForgeItself = "noreply@github.com";

    /// <summary>The address; null where there is none.</summary>
    public static string? Email(string person)
    {
        var (open, close) = (person.LastIndexOf('<'), person.LastIndexOf('>'));
        var email = open >= 0 && close > open ? person[(open + 1)..close].Trim() : "";
        return email.Length > 0 ? email : null;
    }

    /// <summary>The address of a human being; null where there is none, or a forge wrote it itself.</summary>
    public static string? Human(string person) =>
        Email(person) is { } email && !string.Equals(email, ForgeItself, StringComparison.OrdinalIgnoreCase)
            ? email
            : null;
}
