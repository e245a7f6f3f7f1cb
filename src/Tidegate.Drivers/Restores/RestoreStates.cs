namespace Tidegate.Drivers.Restores;

/// <summary>Where states come from and what becomes of them.</summary>
internal sealed record RestoreStates(
    PointJudge Judge,
    CheckpointState Checkpoint,
    MomentState Moment,
    BackupState Backup,
    StateCopy Copy,
    StateRemains Remains
);
