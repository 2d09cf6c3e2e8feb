create table app_installation (
	name text not null,
	value text not null,
	primary key (name)
);
