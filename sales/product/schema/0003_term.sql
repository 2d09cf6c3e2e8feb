create table product_term (
	tenant text not null,
	term text not null,
	sku text not null,
	primary key (tenant, term, sku)
);
create index product_term_sku on product_term (tenant, sku);
with recursive place(i) as (select 1 union all select i + 1 from place where i < 80)
insert into product_term (tenant, term, sku)
select distinct tenant, substr(folded, i, 2), sku from product_variant, place where length(substr(folded, i, 2)) = 2 and octet_length(substr(folded, i, 1)) = 3
union
select distinct tenant, substr(folded, i, 3), sku from product_variant, place where length(substr(folded, i, 3)) = 3 and octet_length(substr(folded, i, 1)) <> 3;
