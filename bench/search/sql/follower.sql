insert into event_cursor (name, position, updated_at) values ($1, $2, 0)
on conflict (name) do update set position = excluded.position
