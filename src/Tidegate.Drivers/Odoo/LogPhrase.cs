using System.Text.Json.Serialization;

namespace Tidegate.Drivers.Odoo;

/// <summary>What Odoo only says in its log, often with exit code 0. Each was produced on Odoo 19 and is kept as a test.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LogPhrase>))]
public enum LogPhrase
{
    /// <summary>An installed module's folder holds no manifest any more.</summary>
    ManifestMissing,

    /// <summary>A module says <c>installable: False</c>, or is of another series, and was passed over.</summary>
    NotInstallable,

    /// <summary>A module was passed over because what it depends on is not loaded.</summary>
    DependencyMissing,

    /// <summary>A name to update that no module has.</summary>
    UnknownModule,

    /// <summary>Modules were left in a <c>to …</c> state.</summary>
    InconsistentStates,

    /// <summary>Installed modules could not be loaded.</summary>
    ModulesNotLoaded,

    /// <summary>A migration folder whose name is no version: its scripts never run.</summary>
    MigrationFolderIgnored,

    /// <summary>A migration script without the function <c>migrate</c>.</summary>
    MigrateFunctionMissing,

    /// <summary>NOT NULL could not be set because rows have no value.</summary>
    ContainsNulls,

    /// <summary>A required column is nullable. Odoo says so at each load, also for old sins.</summary>
    NotNullMissing,

    /// <summary>A unique constraint or index could not be made because rows are alike.</summary>
    NotUnique,

    /// <summary>A check constraint is violated by rows.</summary>
    CheckViolated,

    /// <summary>A foreign key's rows point nowhere.</summary>
    ForeignKeyViolated,

    /// <summary>An index could not be made.</summary>
    IndexNotMade,

    /// <summary>A customised view is no longer valid.</summary>
    CustomViewInvalid,

    /// <summary>Demo data could not be loaded.</summary>
    DemoFailed,

    /// <summary>A server-wide module could not be loaded.</summary>
    ServerWideModuleFailed,

    /// <summary>Odoo set the <c>to …</c> states back, which hides a failed update.</summary>
    StatesReset,

    /// <summary>The registry could not be built.</summary>
    RegistryFailed,

    /// <summary>The update ended with an exception.</summary>
    DatabaseFailed,
}
