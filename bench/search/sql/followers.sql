update event_cursor set position = $1 where position < $1
