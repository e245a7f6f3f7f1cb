"""Products show the best reduction that any shopper gets on a single piece today."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE product_template template
           SET promo_percent = best.percent
          FROM (SELECT template.id, max(rule.percent_price) AS percent
                  FROM product_template template
                  JOIN product_pricelist_item rule
                    ON rule.applied_on = '3_global' OR rule.product_tmpl_id = template.id
                 WHERE rule.compute_price = 'percentage'
                   AND rule.min_quantity <= 1
                   AND rule.date_start IS NULL
                   AND rule.date_end IS NULL
                 GROUP BY template.id) best
         WHERE best.id = template.id
        """
    )
