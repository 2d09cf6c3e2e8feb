create table httpapi_key (
	tenant text not null,
	actor text not null,
	key text not null,
	method text not null,
	path text not null,
	request text not null,
	status bigint not null,
	headers text not null,
	answer text not null,
	at bigint not null,
	primary key (tenant, actor, key)
);
create index httpapi_key_at on httpapi_key (at);
