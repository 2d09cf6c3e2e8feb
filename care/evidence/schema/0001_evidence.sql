create table evidence_photo (
	tenant text not null,
	id text not null,
	owner_kind text not null,
	owner_id text not null,
	case_id text not null,
	sha256 text not null,
	size bigint not null,
	media text not null,
	width bigint not null,
	height bigint not null,
	view text not null,
	created_at bigint not null,
	attached_at bigint not null,
	gone_at bigint not null,
	primary key (tenant, id)
);
create index evidence_photo_loose on evidence_photo (created_at) where case_id = '';
create index evidence_photo_owner on evidence_photo (tenant, owner_kind, owner_id) where case_id = '';
create index evidence_photo_case on evidence_photo (tenant, case_id);
create index evidence_photo_sha256 on evidence_photo (sha256);
create index evidence_photo_view on evidence_photo (view);
