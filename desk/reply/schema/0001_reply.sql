create table reply_reply (
	tenant text not null,
	id text not null,
	seller text not null,
	owner text not null,
	title text not null,
	shortcut text not null,
	texts text not null,
	version bigint not null,
	uses bigint not null,
	by_name text not null,
	updated_at bigint not null,
	primary key (tenant, id)
);
create unique index reply_reply_shortcut on reply_reply (tenant, seller, owner, shortcut);
