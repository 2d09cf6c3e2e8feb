alter table product_variant add column law text not null default '';
create index product_variant_law on product_variant (tenant, sku) where law <> '';
