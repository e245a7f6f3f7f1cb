using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Where in a cluster's history a recovery ends.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Latest), "latest")]
[JsonDerivedType(typeof(Time), "time")]
[JsonDerivedType(typeof(Lsn), "lsn")]
[JsonDerivedType(typeof(RestorePoint), "restore-point")]
[JsonDerivedType(typeof(EndOfBackup), "end-of-backup")]
public abstract record RecoveryTarget
{
    private RecoveryTarget() { }

    /// <summary>Everything that was committed until the recovery was asked for; of a cluster that is lost, everything that was archived.</summary>
    public sealed record Latest : RecoveryTarget;

    /// <summary>Everything that was committed at or before this moment.</summary>
    public sealed record Time(DateTimeOffset At) : RecoveryTarget;

    /// <summary>Everything that was written before this place of the log, as PostgreSQL prints it: <c>0/5000028</c>.</summary>
    public sealed record Lsn(string Value) : RecoveryTarget;

    /// <summary>Everything before a point that was recorded under this name.</summary>
    public sealed record RestorePoint(string Name) : RecoveryTarget;

    /// <summary>As soon as the backup is consistent.</summary>
    public sealed record EndOfBackup : RecoveryTarget;
}
