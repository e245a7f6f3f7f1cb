using Tidegate.ControlPlane.DesiredState.Yaml;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>tidegate.yaml</c> says of people and groups.</summary>
internal static class PeopleSchema
{
    public const int MostPeople = 5000;

    public static readonly TextKind Name = new(
        "1 to 40 lower-case letters, digits and hyphens, beginning with a letter",
        NameRules.LongestName,
        NameRules.NamePattern
    );

    private static readonly Keys<Person> PersonKeys = new(new(""));

    private static readonly ObjectSchema PersonSchema = new(
        "person",
        "One human being, under however many names.",
        [
            PersonKeys.Required("name", Name, person => person.Name, "What groups and policies call the person."),
            PersonKeys.Optional(
                "accounts",
                new ListKind(
                    new TextKind(
                        "an account's name, or os/ and the number of a user of the machine",
                        64,
                        "[a-z0-9][a-z0-9._@-]*|os/[0-9]{1,10}"
                    ),
                    most: 20
                ),
                person => person.Accounts.ToImmutableItems(),
                "Accounts of the same person beside the one of that name."
            ),
            PersonKeys.Optional(
                "emails",
                new ListKind(new TextKind("an e-mail address", 200, "[^@\\s<>]+@[^@\\s<>]+"), most: 20),
                person => person.Emails.ToImmutableItems(),
                "Addresses under which the person writes commits."
            ),
            PersonKeys.Optional(
                "keys",
                new ListKind(
                    new TextKind(
                        "a key's fingerprint as git prints it: 40 or 64 hexadecimal digits in upper case, or SHA256: and 43 letters",
                        64,
                        "[0-9A-F]{40}|[0-9A-F]{64}|SHA256:[A-Za-z0-9+/]{43}"
                    ),
                    most: 20
                ),
                person => person.Keys.ToImmutableItems(),
                "Keys with which the person signs commits."
            ),
        ],
        values => new Person(values.Of<string>("name"))
        {
            Accounts = values.Items<string>("accounts"),
            Emails = values.Items<string>("emails"),
            Keys = values.Items<string>("keys"),
        }
    );

    private static readonly Keys<Group> GroupKeys = new(new("", []));

    private static readonly ObjectSchema GroupSchema = new(
        "group",
        "A named list of people.",
        [
            GroupKeys.Required("name", Name, group => group.Name, "What policies call it."),
            GroupKeys.Required(
                "members",
                new ListKind(new MemberKind("the name of a person"), most: MostPeople),
                group => group.Members.ToImmutableItems(),
                "People by name."
            ),
        ],
        values => new Group(values.Of<string>("name"), values.Items<string>("members"))
    );

    public static readonly ListKind People = new(new MapKind(PersonSchema), most: MostPeople, isUnique: false);

    public static readonly ListKind Groups = new(new MapKind(GroupSchema), isUnique: false);
}

/// <summary>The name of a person of the fleet's root, or of a group of it.</summary>
internal sealed class MemberKind(string words) : TextKind(words, NameRules.LongestName, NameRules.NamePattern)
{
    /// <summary>Stands where a reference names its folder: people and groups are in the root.</summary>
    public const string Root = FleetLayout.Root;

    protected override object Accept(YamlNode.Text text, string key, DocumentReading reading)
    {
        reading.Refer(new(Root, text.Value, text.At));
        return text.Value;
    }
}
