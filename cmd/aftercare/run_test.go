package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/app"
)

type result struct {
	status         int
	stdout, stderr string
}

func aftercare(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, version: "test"}
	status := p.run(t.Context(), args)
	return result{status, out.String(), errs.String()}
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	r := aftercare(t, "", args...)
	if r.status != statusOK {
		t.Fatalf("aftercare %s: status %d, %s", strings.Join(args, " "), r.status, r.stderr)
	}
	return r.stdout
}

func TestAMistakeIsOneLineWithWhatToDo(t *testing.T) {
	data := t.TempDir()
	held := t.TempDir()
	lock, err := app.TakeLock(held)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release() //nolint:errcheck // the test ends
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(wrong, []byte("listn: ':1'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	notOrders := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(notOrders, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, typo := filepath.Join(t.TempDir(), "b.tar.gz"), filepath.Join(t.TempDir(), "typo")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) []string { return append(args, "--data", data) }
	tests := []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"serv"}, statusUsage, "did you mean serve"},
		{[]string{"user", "crate"}, statusUsage, "did you mean create?"},
		{[]string{"user", "create"}, statusUsage, "takes EMAIL"},
		{[]string{"serve", "now"}, statusUsage, "takes no arguments"},
		{[]string{"serve", "--lisen", ":1"}, statusUsage, "unknown flag: --lisen"},
		{[]string{"serve", "--listen", "here"}, statusUsage, `listen (flag --listen) is "here": write host:port`},
		{[]string{"serve", "--config", wrong}, statusUsage, "did you mean listen?"},
		{[]string{"serve", "--config", "/none.yaml"}, statusUsage, "/none.yaml does not exist"},
		{[]string{"migrate", "--database", "mysql://a:geheim@b/c"}, statusUsage, "postgres://"},
		{[]string{"migrate", "--database", "postgres://a:geheim@127.0.0.1:1/c", "--data", data}, statusUnavailable, "the database is not available"},
		{[]string{"serve", "--nats", "nats://127.0.0.1:1", "--data", data, "--listen", "127.0.0.1:0"}, statusUnavailable, "the message stream is not available"},
		{[]string{"serve", "--data", held, "--listen", "127.0.0.1:0"}, statusRefused, "another process serves this data folder"},
		{in("user", "create", "nobody"), statusRefused, "account.invalid"},
		{in("user", "create", "a@b.example", "--role", "king"), statusRefused, "role"},
		{in("user", "create", "a@b.example", "--password-stdin"), statusUsage, "standard input is empty"},
		{in("user", "password", "a@b.example"), statusRefused, "account.unknown"},
		{in("user", "disable", "a@b.example"), statusRefused, "account.unknown"},
		{in("key", "create", "k"), statusUsage, "--role or --scope"},
		{in("key", "create", "k", "--scope", "fly"), statusRefused, "apikey."},
		{in("key", "create", "k", "--role", "auditor", "--days", "-1"), statusUsage, "--days is -1"},
		{in("key", "revoke", "key_none"), statusRefused, "apikey.unknown"},
		{in("job", "list", "--state", "asleep"), statusUsage, "waiting, running, paused or dead"},
		{in("job", "list", "--limit", "0"), statusUsage, "from 1 to 1000"},
		{in("job", "run", "job_none"), statusRefused, "job.unknown"},
		{in("event", "run", "notices", "first"), statusUsage, `POSITION is "first"`},
		{in("event", "run", "notices", "7"), statusRefused, "event.not_parked"},
		{in("event", "discard", "nobody", "7"), statusRefused, "event.not_parked"},
		{in("import", "orders"), statusUsage, "at least one FILE"},
		{in("import", "orders", "/none.jsonl"), statusUsage, "cannot be read: no such file or directory"},
		{in("import", "orders", "../../docs/schema/examples/simple.json"), statusUsage, "one object per line is read: jq -c . "},
		{in("import", "orders", notOrders), statusUsage, "no known format"},
		{in("import", "orders", notOrders, "--format", "xml"), statusUsage, "aftercare, olist, onlineretail"},
		{in("backup", taken), statusFailed, "exists already"},
		{in("backup", "b.zip"), statusUsage, "ends in .tar.zst or .tar.gz"},
		{[]string{"backup", "b.tar.zst", "--data", typo}, statusUsage, "there is no installation in " + typo},
		{[]string{"user", "password", "a@b.example", "--data", typo}, statusUsage, "there is no installation"},
		{[]string{"verify"}, statusUsage, "takes FILE; none was given"},
		{[]string{"verify", "/none.zip"}, statusUsage, "cannot be read"},
		{in("backup", "/none/b.tar.zst"), statusFailed, "no such file"},
		{in("restore", "/none.tar.zst"), statusUsage, "cannot be read: no such file"},
		{in("restore", notOrders), statusFailed, "not a backup of Aftercare"},
		{[]string{"restore", notOrders, "--check"}, statusFailed, "not a backup of Aftercare"},
		{[]string{"docs", "everything"}, statusUsage, "unknown command"},
		{[]string{"docs", "all"}, statusUsage, "takes DIR"},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			r := aftercare(t, "", tt.args...)
			line := ""
			for _, l := range strings.Split(strings.TrimSpace(r.stderr), "\n") { // logs are JSON lines
				if strings.HasPrefix(l, "aftercare: ") {
					line += l
				}
			}
			if r.status != tt.status || !strings.Contains(line, tt.want) || strings.Count(line, "aftercare: ") != 1 {
				t.Errorf("status %d, %q; want %d and %q", r.status, r.stderr, tt.status, tt.want)
			}
			if strings.Contains(r.stdout+r.stderr, "geheim") {
				t.Errorf("a password shows: %s %s", r.stdout, r.stderr)
			}
		})
	}
	if _, err := os.Stat(typo); err == nil {
		t.Errorf("a mistyped folder was made into an installation")
	}
}

func TestStaffAreManagedFromTheCommandLine(t *testing.T) {
	data := t.TempDir()
	if r := aftercare(t, "", "user", "create", "first@shop.example", "--role", "agent", "--data", filepath.Join(data, "new")); r.status != 0 || !strings.Contains(r.stderr, "a new installation begins in "+data) {
		t.Errorf("nothing says where the installation is: %+v", r)
	}
	out := must(t, "user", "create", "li.na@shop.example", "--name", "李娜", "--role", "agent", "--data", data)
	if !regexp.MustCompile(`password, shown only now: \S{16,}`).MatchString(out) {
		t.Errorf("no password: %s", out)
	}
	if r := aftercare(t, "a-long-enough-secret\n", "user", "password", "LI.NA@shop.example", "--password-stdin", "--data", data); r.status != 0 || strings.Contains(r.stdout, "long-enough") {
		t.Errorf("%+v", r)
	}
	must(t, "user", "create", "boss@shop.example", "--role", "administrator", "--data", data)
	must(t, "user", "disable", "li.na@shop.example", "--data", data)
	var people []map[string]string
	if err := json.Unmarshal([]byte(must(t, "user", "list", "--json", "--data", data)), &people); err != nil || len(people) != 2 {
		t.Fatalf("%v %v", people, err)
	}
	if r := aftercare(t, "", "user", "disable", "boss@shop.example", "--data", data); r.status != statusRefused {
		t.Errorf("the last administrator was locked out: %+v", r)
	}
	if text := must(t, "user", "list", "--data", data); !strings.Contains(text, "李娜") || !strings.Contains(text, "disabled") {
		t.Errorf("%s", text)
	}
}

func TestTheShopIsToldWhereParcelsGo(t *testing.T) {
	data := t.TempDir()
	if out := must(t, "shop", "set", "--return-name", "退货仓", "--return-line", "江南大道 1 号", "--return-line", "2 楼", "--return-city", "杭州", "--return-country", "CN", "--data", data); !strings.Contains(out, "退货仓, 江南大道 1 号, 2 楼, 杭州 CN") {
		t.Errorf("%s", out)
	}
	if out := must(t, "shop", "set", "--name", "海豚优选", "--data", data); !strings.Contains(out, "海豚优选") || !strings.Contains(out, "杭州") {
		t.Errorf("%s", out)
	}
	if r := aftercare(t, "", "shop", "set", "--return-country", "China", "--data", data); r.status != statusRefused || !strings.Contains(r.stderr, "return.country") {
		t.Errorf("%+v", r)
	}
}

func TestABackupGoesBackIntoPlace(t *testing.T) {
	data, file := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "b.tar.zst")
	must(t, "key", "create", "scanner", "--scope", "parcel.scan", "--data", data)
	must(t, "backup", file, "--data", data)
	must(t, "restore", file, "--check")
	must(t, "key", "create", "later", "--role", "auditor", "--data", data)
	if r := aftercare(t, "", "restore", file, "--data", data); r.status != statusRefused || !strings.Contains(r.stderr, "nothing was changed") {
		t.Fatalf("%+v", r)
	}
	if out := must(t, "restore", file, "--data", data, "--force"); !strings.Contains(out, ".before-restore-") {
		t.Errorf("%s", out)
	}
	if out := must(t, "key", "list", "--data", data); !strings.Contains(out, "scanner") || strings.Contains(out, "later") {
		t.Errorf("%s", out)
	}
}

func TestEveryCommandSaysWhatItDoes(t *testing.T) {
	var walk func(args []string)
	walk = func(args []string) {
		cmd, _, err := (&program{}).root().Find(args)
		if err != nil {
			t.Fatal(err)
		}
		if cmd.Short == "" || cmd.Runnable() && !cmd.HasSubCommands() && cmd.Example == "" && cmd.Name() != "version" && (cmd.Parent() == nil || cmd.Parent().Name() != "docs") {
			t.Errorf("%v lacks a description or an example", args)
		}
		for _, sub := range cmd.Commands() {
			walk(append(args[:len(args):len(args)], sub.Name()))
		}
	}
	walk(nil)
	if out := must(t, "docs", "cli"); !strings.Contains(out, "## aftercare import orders") {
		t.Error("the document of commands is not complete")
	}
	if out := must(t, "completion", "bash"); !strings.Contains(out, "__start_aftercare") {
		t.Error("no completion for bash")
	}
}

func TestDocumentsAreTheSameEachTime(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	must(t, "docs", "all", a)
	must(t, "docs", "all", b)
	files, err := filepath.Glob(filepath.Join(a, "*"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		one, _ := os.ReadFile(file)
		two, _ := os.ReadFile(filepath.Join(b, filepath.Base(file)))
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs from run to run", filepath.Base(file))
		}
	}
}
