using System.Text.Json.Serialization;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.ControlPlane.TenantBackups;

/// <summary>Identifies a tenant's backup: <c>tb-</c> and the digits of the job that took it, so that a job that is run again takes the same one.</summary>
[JsonConverter(typeof(NameConverter<TenantBackupId>))]
public readonly record struct TenantBackupId(string Value) : IName<TenantBackupId>
{
    private const string Prefix = "tb-";

    public static TenantBackupId Of(JobId job) => new(Prefix + job.Value[(job.Value.IndexOf('-') + 1)..]);

    public static TenantBackupId Create(string value) => new(value);

    public override string ToString() => Value;
}
