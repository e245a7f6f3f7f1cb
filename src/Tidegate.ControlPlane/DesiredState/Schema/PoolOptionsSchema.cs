using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a pool may say of Odoo's options.</summary>
internal static class PoolOptionsSchema
{
    private static readonly Keys<PoolOptions> Keys = new(PoolOptions.Defaults);

    public static readonly ObjectSchema Schema = new(
        "map of options",
        "Odoo's options that a pool may set.",
        [
            Keys.Optional(
                "db_maxconn",
                new NumberKind(1, 1000),
                options => options.DbMaxconn,
                "Connections to PostgreSQL of each web worker."
            ),
            Keys.Optional(
                "limit_memory_soft",
                new SizeKind(),
                options => options.LimitMemorySoft,
                "Memory at which a worker is replaced after its request; 0B is no limit."
            ),
            Keys.Optional(
                "limit_memory_hard",
                new SizeKind(),
                options => options.LimitMemoryHard,
                "Memory at which a worker is ended at once; 0B is no limit."
            ),
            Keys.Optional(
                "limit_request",
                new NumberKind(1, int.MaxValue),
                options => options.LimitRequest,
                "Requests after which a worker is replaced."
            ),
            Keys.Optional(
                "limit_time_cpu",
                new NumberKind(1, 86_400),
                options => options.LimitTimeCpu,
                "Processor seconds that one request may use."
            ),
            Keys.Optional(
                "limit_time_real",
                new NumberKind(1, 86_400),
                options => options.LimitTimeReal,
                "Seconds that one request may take."
            ),
        ],
        values => new PoolOptions
        {
            DbMaxconn = values.Said<int>("db_maxconn"),
            LimitMemorySoft = values.Said<long>("limit_memory_soft"),
            LimitMemoryHard = values.Said<long>("limit_memory_hard"),
            LimitRequest = values.Said<int>("limit_request"),
            LimitTimeCpu = values.Said<int>("limit_time_cpu"),
            LimitTimeReal = values.Said<int>("limit_time_real"),
        }
    );
}
