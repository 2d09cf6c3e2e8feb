create table account_staff (
	tenant text not null,
	id text not null,
	email text not null,
	email_key text not null,
	name text not null,
	role text not null,
	seller text not null,
	language text not null,
	password text not null,
	state text not null,
	version bigint not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create unique index account_staff_email on account_staff (tenant, email_key);
create table account_guess (
	tenant text not null,
	subject bytea not null,
	failed bigint not null,
	locked_until bigint not null,
	updated_at bigint not null,
	primary key (tenant, subject)
);
create index account_guess_age on account_guess (updated_at);
