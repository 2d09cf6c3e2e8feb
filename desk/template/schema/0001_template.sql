create table template_text (
	tenant text not null,
	kind text not null,
	language text not null,
	version bigint not null,
	own boolean not null,
	subject text not null,
	body text not null,
	by_name text not null,
	at bigint not null,
	primary key (tenant, kind, language, version)
);
