drop table insight_tally;
create table insight_sum (
	tenant text not null,
	scope text not null,
	kind text not null,
	channel text not null,
	market text not null,
	day text not null,
	sums text not null,
	primary key (tenant, scope, kind, channel, market, day)
);
create table insight_units (
	tenant text not null,
	scope text not null,
	kind text not null,
	channel text not null,
	market text not null,
	month text not null,
	sku text not null,
	sold bigint not null,
	returned bigint not null,
	primary key (tenant, scope, kind, channel, market, month, sku)
);
create table insight_aside (
	tenant text not null,
	position bigint not null,
	about text not null,
	at bigint not null,
	primary key (tenant, position)
);
alter table insight_shop add column recount boolean not null default false;
update insight_shop set recount = true;
