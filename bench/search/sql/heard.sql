insert into search_heard (tenant, position) select 'main', position from event_log where position > $1 and position <= $2
