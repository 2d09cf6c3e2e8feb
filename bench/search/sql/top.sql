select coalesce(max(position), 0) from event_log where position is not null
