create table brand_brand (
	tenant text not null,
	version bigint not null,
	accent text not null,
	texts text not null,
	links text not null,
	logo text not null,
	icon text not null,
	at bigint not null,
	primary key (tenant)
);
create table brand_picture (
	tenant text not null,
	digest text not null,
	width bigint not null,
	height bigint not null,
	content bytea not null,
	primary key (tenant, digest)
);
