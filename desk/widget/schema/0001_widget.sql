create table widget_widget (
	tenant text not null,
	version bigint not null,
	origins text not null,
	at bigint not null,
	primary key (tenant)
);
