-- Whoever opened the cases, and what they had bought: a customer with an address
-- and a phone for each name, an order with one line for each case.
insert into customer_customer (tenant, id, source, ref, name, folded, email, phone, language, created_at)
select tenant, customer, 'bench', customer, min(name), min(lower(name)), 'buyer' || substr(customer, 22) || '@example.com', '+861' || (3000000000 + cast(substr(customer, 22) as bigint)), 'zh-CN', 0
from cases_case where customer <> '' group by tenant, customer;
with recursive place(i) as (select 2 union all select i + 1 from place where i < 80)
insert into customer_start (tenant, start, customer)
select distinct c.tenant, substr(c.folded, i, 80), c.id from customer_customer c, place
where i < length(c.folded) and substr(c.folded, i, 1) <> ' '
	and (substr(c.folded, i - 1, 1) = ' ' or octet_length(substr(c.folded, i, 1)) = 3);
insert into order_order (tenant, id, source, number, customer, currency, country, zone, placed_at, delivered_at, tax_included, policy, policy_version, version, shipping, tenders, title, image_url, lines, paid, digest, created_at)
select tenant, order_id, 'bench', order_number, customer, currency, 'CN', 'Asia/Shanghai', opened_at - 500000000, opened_at - 100000000, true, 'standard', 1, 1,
	'{}', '[]', title, '', 1, quoted, '', opened_at - 500000000 from cases_case;
insert into order_line (tenant, order_id, no, sku, title, variant, category, image_url, seller, quantity, unit_price, weight_grams, delivered_at, ledger)
select tenant, order_id, 1, 'SKU-' || quoted, title, '', 'audio', '', seller, quantity, quoted, 300, opened_at - 100000000, '{}' from cases_case;
