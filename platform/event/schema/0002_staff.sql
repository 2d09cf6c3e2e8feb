create index event_log_staff on event_log (tenant, actor_id, position) where actor_kind = 'staff';
