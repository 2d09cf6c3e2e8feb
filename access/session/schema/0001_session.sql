create table session_session (
	tenant text not null,
	id text not null,
	digest bytea not null,
	kind text not null,
	subject text not null,
	order_id text not null,
	ip text not null,
	agent text not null,
	created_at bigint not null,
	seen_at bigint not null,
	idle bigint not null,
	expires_at bigint not null,
	primary key (tenant, id)
);
create unique index session_session_digest on session_session (tenant, digest);
create index session_session_subject on session_session (tenant, kind, subject, id);
create index session_session_expiry on session_session (expires_at);
