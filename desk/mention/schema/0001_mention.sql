create table mention_mention (
	tenant text not null,
	person text not null,
	id text not null,
	case_id text not null,
	at bigint not null,
	read_at bigint not null default 0,
	primary key (tenant, person, id)
);
create index mention_mention_note on mention_mention (tenant, id);
create index mention_mention_unread on mention_mention (tenant, person) where read_at = 0;
create table mention_choice (
	tenant text not null,
	person text not null,
	email boolean not null,
	primary key (tenant, person)
);
