create table rating_rating (
	tenant text not null,
	id text not null,
	case_id text not null,
	number text not null,
	kind text not null,
	seller text not null,
	customer text not null,
	score bigint not null,
	comment text not null,
	looked_by text not null default '',
	looked_at bigint not null default 0,
	version bigint not null,
	created_at bigint not null,
	changed_at bigint not null,
	primary key (tenant, id)
);
create unique index rating_rating_case on rating_rating (tenant, case_id);
create index rating_rating_low on rating_rating (tenant, id) where score <= 2 and looked_at = 0;
create index rating_rating_made on rating_rating (tenant, created_at);
