{
    "name": "Shop Suite",
    "summary": "What every shop of the fleet has",
    "version": "19.0.1.1.0",
    "category": "Sales/Sales",
    "author": "Tidegate",
    "license": "LGPL-3",
    "depends": ["sale_management", "sale_stock", "point_of_sale", "shop_promo"],
    "data": ["views/sale_order_views.xml"],
}
