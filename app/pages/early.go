package pages

import "strings"

// early are scripts that stand in the head of a page and ask for what the page
// shows first, while its own scripts are on their way; the client of the API
// takes the answers over. That saves a slow network one way there and back, and
// the time a slow phone needs to read the scripts. They hold nothing of a
// request, so that a policy can name them by their digest.
var early = map[string]string{
	"portal.html": asking(`
		get("shop");
		if (/^(return|orders)$/.test(page[1]) && page[2]) get("my/orders/" + page[2]);
		else if (page[1] === "orders") { get("my/orders"); get("my/cases"); }
		else if (page[1] === "cases" && page[2]) get("my/cases/" + page[2]);
	`),
	"console.html": asking(`
		get("session");
		get("shop");
		if (page[2] === "cases" && page[3]) get("cases/" + page[3]);
		if (page[2] === "cases" && !location.search) {
			get("cases?limit=50");
			get("cases?counts=true&limit=1");
			get("views?counts=true");
		}
	`),
}

// asking is a script in which get asks for an address of the API as the client
// of the pages does.
func asking(what string) string {
	script := `
		const lang = document.documentElement.lang, page = location.pathname.split("/"), answers = {};
		window.early = { lang, answers };
		const get = (path) => {
			const answer = fetch("/v1/" + path, { headers: { Accept: "application/json", "Accept-Language": lang }, credentials: "same-origin" });
			answer.catch(() => {});
			answers["/v1/" + path] = answer;
		};` + what
	var lines []string
	for line := range strings.SplitSeq(script, "\n") {
		lines = append(lines, strings.TrimSpace(line))
	}
	return "{" + strings.Join(lines, "") + "}"
}
