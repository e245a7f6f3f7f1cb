using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Following;

/// <summary>Reasons of the source gate while it looks at one commit after the other: one of each kind is told, with how many more there are.</summary>
internal sealed class SourceReasons
{
    public const string FleetChanger = "whoever may change the fleet";

    private readonly Dictionary<string, (GateReason Reason, int Count)> _wrong = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (GateReason Reason, int Count)> _unknown = new(StringComparer.Ordinal);

    public void Wrong(GateReason reason) => Add(_wrong, reason);

    public void Unknown(GateReason reason) => Add(_unknown, reason);

    public GateAnswer Answer(string gate) => GateReasons.Answer(gate, All(_wrong), All(_unknown));

    /// <summary><c>4cea22eb4978 of Ann Lee &lt;ann@example.com&gt;</c>.</summary>
    public static string Named(SourceCommit commit) => $"{commit.Id.Short} of {commit.Author}";

    private static void Add(Dictionary<string, (GateReason Reason, int Count)> reasons, GateReason reason) =>
        reasons[reason.Code] = reasons.TryGetValue(reason.Code, out var known)
            ? (known.Reason, known.Count + 1)
            : (reason, 1);

    private static GateReason[] All(Dictionary<string, (GateReason Reason, int Count)> reasons) =>
        [
            .. reasons.Values.Select(each =>
                each.Count == 1
                    ? each.Reason
                    : each.Reason with
                    {
                        What = FormattableString.Invariant($"{each.Reason.What} So it is with {each.Count - 1} more."),
                    }
            ),
        ];
}
