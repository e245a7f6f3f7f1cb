{
    "name": "Shop Promotions",
    "summary": "Promotion codes on orders, and what customers saved",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Tidegate",
    "license": "LGPL-3",
    "depends": ["sale_management"],
    "data": ["views/product_template_views.xml", "views/sale_order_views.xml"],
}
