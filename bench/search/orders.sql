-- What they had bought: an order with one line for each case.
insert into order_order (tenant, id, source, number, customer, currency, country, zone, placed_at, delivered_at, tax_included, policy, policy_version, version, shipping, tenders, title, image_url, lines, paid, digest, channel, created_at)
select tenant, order_id, 'bench', order_number, customer, currency, country, 'Asia/Shanghai', opened_at - 500000000, opened_at - 100000000, true, 'standard', 1, 1,
	'{}', '[]', title, '', 1, quoted, '', channel, opened_at - 500000000 from cases_case;
insert into order_line (tenant, order_id, no, sku, title, variant, category, image_url, seller, quantity, unit_price, weight_grams, delivered_at, ledger)
select tenant, order_id, 1, 'SKU-' || substr(title, 14), title, '', 'audio', '', seller, quantity, quoted, 300, opened_at - 100000000, '{}' from cases_case;
