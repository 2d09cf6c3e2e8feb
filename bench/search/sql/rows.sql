select count(*) from search_said
