alter table evidence_photo add column kind text not null default 'photo';
alter table evidence_photo add column seconds bigint not null default 0;
alter table evidence_photo add column view_media text not null default 'image/jpeg';
alter table evidence_photo add column look text not null default '';
alter table evidence_photo add column scan text not null default 'none';
alter table evidence_photo add column found text not null default '';
create index evidence_photo_unlooked on evidence_photo (created_at) where look = '' and case_id <> '';
create table evidence_look (
	tenant text not null,
	part bigint not null,
	photo text not null,
	primary key (tenant, part, photo)
);
create table evidence_upload (
	tenant text not null,
	id text not null,
	owner_kind text not null,
	owner_id text not null,
	size bigint not null,
	sha256 text not null,
	photo text not null,
	created_at bigint not null,
	primary key (tenant, id)
);
create index evidence_upload_owner on evidence_upload (tenant, owner_kind, owner_id);
create index evidence_upload_age on evidence_upload (created_at);
