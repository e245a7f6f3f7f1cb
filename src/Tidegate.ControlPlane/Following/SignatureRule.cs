using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Following;

/// <summary>Every commit that changed the fleet is signed by one of the known keys.</summary>
internal static class SignatureRule
{
    private const string Next = "merge the change again, signed by a key that the environment's policy names";

    public static void Judge(ImmutableArray<string> keys, SourceEvidence evidence, SourceReasons reasons)
    {
        foreach (var commit in evidence.Commits.Where(commit => !evidence.Untouching.Contains(commit.Id)))
        {
            Judge(keys, commit, reasons);
        }
    }

    private static void Judge(ImmutableArray<string> keys, SourceCommit commit, SourceReasons reasons)
    {
        var named = SourceReasons.Named(commit);
        switch (commit.Signature)
        {
            case CommitSignature.Good good when keys.Contains(good.Fingerprint, StringComparer.Ordinal):
                break;
            case CommitSignature.Good good:
                reasons.Wrong(
                    new(
                        "commit-signer-unknown",
                        $"commit {named} is signed by {good.Fingerprint}, a key that the policy does not name.",
                        "the owner of one of the keys",
                        Next
                    )
                );
                break;
            case CommitSignature.None:
                reasons.Wrong(
                    new("commit-not-signed", $"commit {named} is not signed.", "the owner of one of the keys", Next)
                );
                break;
            case CommitSignature.Bad bad:
                reasons.Wrong(
                    new(
                        "commit-signature-bad",
                        $"the signature of commit {named} does not fit: {bad.Why}",
                        "the owner of one of the keys",
                        Next
                    )
                );
                break;
            case CommitSignature.Unverifiable unverifiable:
                reasons.Unknown(
                    new(
                        "commit-signature-unknown",
                        $"whether the signature of commit {named} fits cannot be told: {unverifiable.Why}",
                        "whoever runs the control plane",
                        "make the key known to the control plane: docs/repositories.md"
                    )
                );
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
