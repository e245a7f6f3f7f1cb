"""A server that forks one child per job from a parent that has Odoo imported."""
