create table presence_seat (
	tenant text not null,
	case_id text not null,
	person text not null,
	page text not null,
	name text not null,
	doing text not null,
	since bigint not null,
	until bigint not null,
	primary key (tenant, case_id, person, page)
);
create index presence_seat_until on presence_seat (tenant, until);
