alter table policy_version add column state text not null default 'retired';
alter table policy_version add column note text not null default '';
alter table policy_version add column author_id text not null default '';
alter table policy_version add column author_name text not null default '';
alter table policy_version add column reviewer_id text not null default '';
alter table policy_version add column reviewer_name text not null default '';
alter table policy_version add column tests text not null default '[]';
alter table policy_version add column steps text not null default '[]';
alter table policy_version add column parent_version bigint not null default 0;
alter table policy_version add column revision bigint not null default 1;
alter table policy_version add column live_at bigint not null default 0;
alter table policy_version add column retired_at bigint not null default 0;

update policy_version set live_at = created_at;
update policy_version set state = 'live'
where version = (select max(o.version) from policy_version o where o.tenant = policy_version.tenant and o.id = policy_version.id);
update policy_version set retired_at = (
	select min(o.created_at) from policy_version o
	where o.tenant = policy_version.tenant and o.id = policy_version.id and o.version > policy_version.version)
where state = 'retired';

create unique index policy_version_live on policy_version (tenant, id) where state = 'live';
create unique index policy_version_draft on policy_version (tenant, id) where state in ('draft', 'reviewed');
