select coalesce(sum(length(term) + length(scope) + length(places)), 0) from search_said
