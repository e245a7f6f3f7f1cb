using System.Collections.Immutable;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Accounts;

/// <summary>A person or a program that may sign in.</summary>
/// <param name="Label">What it is called beside its name, for people.</param>
/// <param name="DisabledAt">From then on it gets in no more, with no token.</param>
/// <param name="MustChange">The password was given by somebody else: nothing but changing it works.</param>
public sealed record Account(
    AccountName Name,
    string? Label,
    ImmutableArray<string> Groups,
    DateTimeOffset MadeAt,
    string MadeBy,
    DateTimeOffset? DisabledAt,
    bool MustChange,
    DateTimeOffset? SignedInAt
)
{
    public Identity Identity => new(Name.Kind, Name.Short, Groups);
}

/// <summary>Names an account: <c>person/anna</c>, <c>service/ci</c>.</summary>
public readonly record struct AccountName
{
    private const string Person = "person/";
    private const string Service = "service/";

    private AccountName(string value) => Value = value;

    public string Value { get; }

    public IdentityKind Kind =>
        Value.StartsWith(Person, StringComparison.Ordinal) ? IdentityKind.Person : IdentityKind.ServiceAccount;

    /// <summary>Without its kind.</summary>
    public string Short => Value[(Value.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>One that was read from where only names are.</summary>
    public static AccountName Create(string value) =>
        Refusal(value) is { } refusal ? throw new FormatException(refusal) : new(value);

    /// <summary>Null when there can be such an account; else one sentence that says why not.</summary>
    public static string? Refusal(string value) =>
        value.StartsWith(Person, StringComparison.Ordinal) ? NameRules.Refusal("person's", value[Person.Length..])
        : value.StartsWith(Service, StringComparison.Ordinal)
            ? NameRules.Refusal("service account's", value[Service.Length..])
        : $"\"{value}\" is no account: person/NAME or service/NAME.";

    public override string ToString() => Value;
}
