using System.Globalization;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Whether a person has blocked the release.</summary>
public static class BlockGate
{
    public const string Name = "not-blocked";

    public static GateAnswer Ask(ReleaseRecord release) =>
        release.Block is not { } block
            ? GateAnswer.Pass(Name)
            : GateAnswer.Fail(
                Name,
                new GateReason(
                    "release-blocked",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"release {release.Ref.Name} is blocked by {block.By} since {block.At.ToUniversalTime():u}: {block.Reason}"
                    ),
                    Clearing.Operator,
                    $"ask for another release, or tidegate release unblock {release.Ref.Name} --reason TEXT"
                )
            );
}
