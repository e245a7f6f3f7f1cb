using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Protection;

/// <summary>Whether the way back of every tenant that a release would change is proven, as the policy asks. Pure; what is not known does not pass.</summary>
public static class ProtectedGate
{
    public const string Name = "protected";

    /// <param name="policy">One that asks for something.</param>
    public static GateAnswer Ask(ProtectionPolicy policy, ProtectionFacts facts, DateTimeOffset now)
    {
        var findings = new ProtectionFindings();
        foreach (var site in facts.Sites)
        {
            if (policy.Backup is { } backup)
            {
                BackupPart.Ask(site, backup, now, findings);
            }

            if (policy.Archive)
            {
                ArchivePart.Ask(site, now, findings);
            }

            if (policy.Restore is { } restore)
            {
                RestorePart.Ask(site, restore, now, findings);
            }

            if (policy.Disk is { } factor)
            {
                DiskPart.Ask(site, (factor, facts.AtOnce), now, findings);
            }

            if (policy.Rehearsal is { } rehearsal)
            {
                RehearsalPart.Ask(site, facts.Release, rehearsal, now, findings);
            }
        }

        return findings.Answer(Name);
    }
}
