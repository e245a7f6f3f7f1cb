using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Tests.Backups;

/// <summary>Which backup that waits is enough for whoever orders one.</summary>
public sealed class BackupOrderTests
{
    [Fact]
    public void A_backup_that_waits_stands_for_another_of_its_type_and_for_no_other()
    {
        Assert.Equal(Order(BackupType.Full).Key, Order(BackupType.Full).Key);
        Assert.NotEqual(Order(BackupType.Full).Key, Order(BackupType.Incremental).Key);
    }

    private static JobOrder<BackupJob> Order(BackupType type) =>
        BackupKinds.Order(new("local"), type, "somebody", reason: null);
}
