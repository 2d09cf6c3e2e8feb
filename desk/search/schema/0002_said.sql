-- What messages and notes say: for each word, the places in the log that have it,
-- many in a row. A scope is a seller, or '' for the whole shop.
create table search_said (
	tenant text not null,
	scope text not null,
	term text not null,
	first bigint not null,
	places bytea not null,
	primary key (tenant, scope, term, first)
);
-- Places in the log that nobody has read for the search yet.
create table search_heard (
	tenant text not null,
	position bigint not null,
	primary key (tenant, position)
);
