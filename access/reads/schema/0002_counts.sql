alter table reads_read add column about text not null default '';
alter table reads_read add column told bigint not null default 0;
