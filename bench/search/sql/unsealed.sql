select (select coalesce(max(position), 0) from event_log where position is not null) - (select coalesce(max(size), 0) from seal_tree)
