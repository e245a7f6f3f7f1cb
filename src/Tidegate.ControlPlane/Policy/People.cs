using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Policy;

/// <summary>The people of a fleet, and named lists of them.</summary>
public sealed record People(ImmutableArray<Person> All, ImmutableArray<Group> Groups)
{
    /// <summary>In front of the name of an account of a person, where the kind is told with it.</summary>
    private const string AccountKind = "person/";

    public static People Nobody { get; } = new([], []);

    /// <summary>The person behind the name of a person or of an account, with or without the kind in front of it; null when it is nobody's.</summary>
    public Person? OfAccount(string account)
    {
        var name = account.StartsWith(AccountKind, StringComparison.Ordinal) ? account[AccountKind.Length..] : account;
        return All.FirstOrDefault(person => person.Name == name)
            ?? All.FirstOrDefault(person => person.Accounts.Contains(name, StringComparer.Ordinal));
    }

    /// <summary>The person whose e-mail address it is; null when it is nobody's.</summary>
    public Person? OfEmail(string email) =>
        All.FirstOrDefault(person => person.Emails.Contains(email, StringComparer.OrdinalIgnoreCase));

    /// <summary>The person whose key has that fingerprint; null when it is nobody's.</summary>
    public Person? OfKey(string fingerprint) =>
        All.FirstOrDefault(person => person.Keys.Contains(fingerprint, StringComparer.Ordinal));

    /// <summary>Whether there is a person or a group of that name.</summary>
    public bool Has(string name) => All.Any(person => person.Name == name) || Groups.Any(group => group.Name == name);

    /// <summary>Whether a person is meant by the name of a group or of a person.</summary>
    public bool Means(string name, string person) =>
        Groups.FirstOrDefault(group => group.Name == name) is { } group
            ? group.Members.Contains(person, StringComparer.Ordinal)
            : name == person;

    /// <summary>The groups that a person is in, by name.</summary>
    public IEnumerable<string> GroupsOf(string person) =>
        Groups.Where(group => group.Members.Contains(person, StringComparer.Ordinal)).Select(group => group.Name);
}

/// <summary>One human being, under however many names.</summary>
/// <param name="Name">What groups and requirements call the person: <c>ann</c>.</param>
public sealed record Person(string Name)
{
    /// <summary>Other names under which the person signs in: <c>ann-admin</c>, <c>os/1000</c>.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];

    /// <summary>Addresses under which the person writes commits.</summary>
    public ImmutableArray<string> Emails { get; init; } = [];

    /// <summary>Fingerprints of keys with which the person signs commits, as git prints them.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];
}

/// <summary>A named list of people.</summary>
public sealed record Group(string Name, ImmutableArray<string> Members);
