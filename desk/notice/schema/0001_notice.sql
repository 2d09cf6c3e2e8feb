create table notice_message (
	tenant text not null,
	id text not null,
	case_id text not null,
	event text not null,
	template text not null,
	state text not null,
	error text not null default '',
	at bigint not null,
	primary key (tenant, id)
);
create unique index notice_message_event on notice_message (tenant, event);
create index notice_message_case on notice_message (tenant, case_id);
