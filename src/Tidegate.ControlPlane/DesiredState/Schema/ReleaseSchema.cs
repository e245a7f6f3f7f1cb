using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>releases/NAME.yaml</c> says.</summary>
internal static class ReleaseSchema
{
    private static readonly ReleaseDigest ExampleDigest = ReleaseDigest.Create($"sha256:{new string('5', 64)}");

    public static readonly DesiredRelease Example = new(new ReleaseName("2026.11.2"), ExampleDigest)
    {
        Commit = new string('b', 40),
        Notes = new()
        {
            Summary = "Promotions by campaign.",
            PriceChanges = ["TIPS"],
            BehaviourChanges = ["A receipt names the campaign."],
            Drops = ["sale_order.campaign_text"],
        },
    };

    private static readonly TextKind Sentence = new("a text of at most 500 letters", 500);

    private static readonly Keys<ReleaseNotes> NoteKeys = new(new());

    private static readonly ObjectSchema Notes = new(
        "map of notes",
        "What people should know of a release.",
        [
            NoteKeys.Optional(
                "summary",
                new TextKind("a text of at most 2000 letters", 2000),
                notes => notes.Summary,
                "What it brings."
            ),
            NoteKeys.Optional(
                "priceChanges",
                new ListKind(new TextKind("a product reference of at most 100 letters", 100)),
                notes => notes.PriceChanges.ToImmutableItems(),
                "Product references whose price it changes on purpose, \"*\" for any. A price that changes and is not named stops a rollout."
            ),
            NoteKeys.Optional(
                "behaviourChanges",
                new ListKind(Sentence),
                notes => notes.BehaviourChanges.ToImmutableItems(),
                "What works in another way than before, one sentence each."
            ),
            NoteKeys.Optional(
                "drops",
                new ListKind(new TextKind("a table, or table.column", 127, "[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?")),
                notes => notes.Drops.ToImmutableItems(),
                "Tables and columns that it removes on purpose, with what is in them. A rehearsal takes the loss of any other one with data in it as a failure."
            ),
        ],
        values => new ReleaseNotes
        {
            Summary = values.Text("summary"),
            PriceChanges = values.Items<string>("priceChanges"),
            BehaviourChanges = values.Items<string>("behaviourChanges"),
            Drops = values.Items<string>("drops"),
        }
    );

    private static readonly Keys<DesiredRelease> Keys = new(new(default, default));

    public static readonly ObjectSchema Schema = new(
        "release",
        "A release that environments may ask for. Its file may not change once an environment has asked for it: new content is a new release.",
        [
            Keys.Required(
                "digest",
                new TextKind("sha256: and 64 hexadecimal digits in lower case", 71, "sha256:[0-9a-f]{64}"),
                release => release.Digest.Value,
                "What identifies it, as tidegate release build printed it. No two releases have one digest."
            ),
            Keys.Optional(
                "commit",
                new TextKind("a full commit id of 40 or 64 hexadecimal digits", 64, "[0-9a-f]{40}|[0-9a-f]{64}"),
                release => release.Commit,
                "The commit that it was built from."
            ),
            Keys.Optional("notes", new MapKind(Notes), release => release.Notes, "What people should know of it."),
            Keys.Optional(
                "risk",
                new ChoiceKind<ReleaseRisk>(ReleaseRisk.Low, ReleaseRisk.Normal, ReleaseRisk.High),
                release => release.Risk,
                "What its makers think can go wrong."
            ),
            Keys.Optional(
                "security",
                Sentence,
                release => release.Security,
                "What it closes, where it is a security fix: then it waits as long as expedited of the policy says."
            ),
        ],
        values => new DesiredRelease(new ReleaseName(values.Name), ReleaseDigest.Create(values.Of<string>("digest")))
        {
            Commit = values.Text("commit"),
            Notes = values.Of<ReleaseNotes>("notes"),
            Risk = values.Of<ReleaseRisk>("risk"),
            Security = values.Text("security"),
        }
    );
}
