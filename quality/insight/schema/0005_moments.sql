update insight_shop set recount = true;
