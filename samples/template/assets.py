"""Makes the style and script bundles of a shop's pages, so that its first visitors do not wait for them.

Read by `odoo shell` on standard input. A bundle belongs to the files it is made of and to their modification times, so
the shell has to run from the very tree that is to serve the shop.
"""

PAGES = "web.assets_"
NOT_ASKED_FOR = "dark"

scripts, styles = env["ir.qweb"]._get_bundles_to_pregenarate()
for bundle in sorted(scripts | styles):
    if bundle.startswith(PAGES) and NOT_ASKED_FOR not in bundle:
        if bundle in scripts:
            env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
        if bundle in styles:
            env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()
