create table cases_article (
	tenant text not null,
	sku text not null,
	opened_at bigint not null,
	case_id text not null,
	primary key (tenant, sku, opened_at, case_id)
);
-- A shop whose earlier cases are still to be noted has a row without a case.
insert into cases_article (tenant, sku, opened_at, case_id) select distinct tenant, '', 0, '' from cases_case;
drop index cases_case_open;
create index cases_case_open on cases_case (tenant, state, opened_at, id, deadline, kind, reason, seller, assignee, channel, country) where state not in ('completed', 'closed');
