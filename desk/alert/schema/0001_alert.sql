create table alert_call (
	tenant text not null,
	person text not null,
	event text not null,
	case_id text not null,
	why text not null,
	letter text not null default '',
	gathered_at bigint not null default 0,
	primary key (tenant, person, event)
);
create index alert_call_gathered on alert_call (tenant, person, gathered_at);
create index alert_call_letter on alert_call (tenant, letter);
create table alert_choice (
	tenant text not null,
	person text not null,
	email boolean not null,
	primary key (tenant, person)
);
