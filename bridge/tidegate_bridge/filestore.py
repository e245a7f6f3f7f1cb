"""Which filestore folder a database uses."""


def folder_of(database):
    """The folder of a tenant's live database, for that database and for every one made from it.

    Tidegate calls a tenant's other databases `<live>__<what>`: the copy under migration, the checkpoints. All of
    them use the live folder, so nothing is linked or moved in a cutover: files are named by their content, and
    garbage collection is held while a checkpoint needs them.
    """
    live, mark, _ = database.partition("__")
    return live if mark and live else database
