using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.ControlBackups;

public static class ControlBackupJobs
{
    public static readonly JobKind<TakeControlBackup, ControlBackupTaken> Take = new("control-backup");

    /// <summary>What a job of this kind is about, and what it waits for.</summary>
    public const string Subject = "control";
}

public sealed record TakeControlBackup;

public sealed record ControlBackupTaken(string Backup, long DumpBytes, int Documents, int Repositories, double Seconds);
