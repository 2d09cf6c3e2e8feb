create table opening_hours (
	tenant text not null,
	seller text not null,
	desk text not null,
	version bigint not null,
	at bigint not null,
	actor_kind text not null,
	actor_id text not null,
	actor_name text not null,
	body text not null,
	primary key (tenant, seller, desk, version)
);

insert into opening_hours (tenant, seller, desk, version, at, actor_kind, actor_id, actor_name, body)
select tenant, '', desk, version, at, actor_kind, actor_id, actor_name, body from opening_calendar;

drop table opening_calendar;
