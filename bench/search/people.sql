-- Whoever opened the cases: a customer with an address and a phone for each name.
insert into customer_customer (tenant, id, source, ref, name, folded, email, phone, language, created_at)
select tenant, customer, 'bench', customer, min(name), min(lower(name)), 'buyer' || substr(customer, 22) || '@example.com', '+861' || (3000000000 + cast(substr(customer, 22) as bigint)), 'zh-CN', 0
from cases_case where customer <> '' group by tenant, customer
on conflict do nothing;
with recursive place(i) as (select 2 union all select i + 1 from place where i < 80)
insert into customer_start (tenant, start, customer)
select distinct c.tenant, substr(c.folded, i, 80), c.id from customer_customer c, place
where i < length(c.folded) and substr(c.folded, i, 1) <> ' '
	and (substr(c.folded, i - 1, 1) = ' ' or octet_length(substr(c.folded, i, 1)) = 3)
on conflict do nothing;
-- What the shop sells: an article for each title.
insert into product_variant (tenant, sku, title, variant, family, category, image_url, seller, price, currency, tax, stock, active, folded, version, created_at, updated_at)
select tenant, 'SKU-' || substr(title, 14), title, '', '', 'audio', '', min(seller), 19900, 'CNY', 0, 10, true, lower(title), 1, 0, 0
from cases_case group by tenant, title
on conflict do nothing;
