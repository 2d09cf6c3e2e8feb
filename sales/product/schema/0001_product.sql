create table product_variant (
	tenant text not null,
	sku text not null,
	title text not null,
	variant text not null,
	family text not null,
	category text not null,
	image_url text not null,
	seller text not null,
	price bigint not null,
	currency text not null,
	tax bigint not null,
	stock bigint not null,
	active boolean not null,
	folded text not null,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	primary key (tenant, sku)
);
create index product_variant_family on product_variant (tenant, family, sku) where family <> '';
create index product_variant_seller on product_variant (tenant, seller, sku) where seller <> '';
