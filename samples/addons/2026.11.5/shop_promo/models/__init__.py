from . import product_pricelist_item
from . import product_template
from . import sale_order
