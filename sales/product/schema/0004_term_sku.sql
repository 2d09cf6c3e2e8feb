-- The words of one article without a look at those of all others.
drop index product_term_sku;
create index product_term_sku on product_term (tenant, sku, term);
