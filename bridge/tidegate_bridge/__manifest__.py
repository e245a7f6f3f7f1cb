{
    "name": "Tidegate bridge",
    "summary": "Tells an Odoo process which databases it serves and which one a request means",
    "version": "1.0",
    "category": "Hidden",
    "author": "Tidegate",
    "license": "LGPL-3",
    "depends": ["base"],
    # Loaded by --load only; a database never installs it.
    "installable": False,
    "post_load": "install",
}
