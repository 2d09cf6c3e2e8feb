create table search_learned (
	tenant text not null,
	what text not null,
	version bigint not null,
	after text not null,
	done boolean not null,
	primary key (tenant, what)
);
