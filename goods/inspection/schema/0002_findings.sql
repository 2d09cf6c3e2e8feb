alter table inspection_report add column findings text not null default '[]';
alter table inspection_grade add column reasons text not null default '[]';
