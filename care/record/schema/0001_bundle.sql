create table record_bundle (
	tenant text not null,
	id text not null,
	case_id text not null,
	actor_kind text not null,
	actor_id text not null,
	actor_name text not null,
	seller text not null,
	state text not null,
	problem text not null,
	done bigint not null,
	total bigint not null,
	blob text not null,
	size bigint not null,
	asked_at bigint not null,
	ready_at bigint not null,
	primary key (tenant, id)
);
create index record_bundle_case on record_bundle (tenant, case_id, actor_id);
create index record_bundle_asked on record_bundle (asked_at);
