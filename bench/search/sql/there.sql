select count(*) from event_log where id >= 'evt_06gzze38pxy1xe5dt1' and id < 'evt_06gzze38pxy1xe5dt2'
