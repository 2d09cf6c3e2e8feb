alter table insight_shop add column position bigint not null default 0;
drop table insight_dirty;
