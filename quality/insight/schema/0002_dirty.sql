create table insight_dirty (
	tenant text not null,
	id text not null,
	primary key (tenant, id)
);
