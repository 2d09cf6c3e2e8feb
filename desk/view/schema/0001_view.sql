create table view_view (
	tenant text not null,
	id text not null,
	owner text not null,
	owner_name text not null,
	seller text not null,
	name text not null,
	shared boolean not null,
	query text not null,
	version bigint not null,
	at bigint not null,
	room text not null,
	primary key (tenant, id)
);
create unique index view_view_name on view_view (tenant, room, name);
create index view_view_owner on view_view (tenant, owner);
create table view_order (
	tenant text not null,
	person text not null,
	ids text not null,
	primary key (tenant, person)
);
