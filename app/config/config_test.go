package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/app/config"
)

func load(t *testing.T, environ, args []string) (*config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	flags.String(config.FileFlag, "", "")
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags, environ)
}

func file(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "aftercare.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestEveryDefaultIsUsable(t *testing.T) {
	c, err := load(t, nil, []string{"--data", t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || !c.HTTP || c.BodyLimit != 1<<20 || c.Source("listen") != "default" {
		t.Errorf("defaults: %+v", c)
	}
}

func TestFlagsWinOverEnvironmentOverFileOverDefaults(t *testing.T) {
	dir := file(t, "listen: \":1\"\nlog_level: warn\nshop_name: 海豚小店\nrate_burst: 2\ntrust_proxy: yes\nhttp: off\n")
	c, err := load(t, []string{"AFTERCARE_LISTEN=:2", "AFTERCARE_RATE_BURST=3", "AFTERCARE_DATA=" + dir}, []string{"--listen", ":3"})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"listen": "flag --listen", "rate_burst": "environment AFTERCARE_RATE_BURST", "shop_name": "file " + dir + "/aftercare.yaml", "relay": "default",
	} {
		if got := c.Source(key); got != want {
			t.Errorf("%s comes from %q, want %q", key, got, want)
		}
	}
	if c.Listen != ":3" || c.RateBurst != 3 || c.LogLevel != "warn" || c.ShopName != "海豚小店" || c.HTTP || !c.TrustProxy {
		t.Errorf("merged: %+v", c)
	}
}

func TestAWrongSettingIsOneLineThatSaysWhatIsRight(t *testing.T) {
	tests := []struct {
		name, file string
		environ    []string
		args       []string
		want       []string
	}{
		{"unknown key", "listn: ':1'", nil, nil, []string{"listn (file ", "is not a setting", "did you mean listen?"}},
		{"nested key", "http:\n  port: 1", nil, nil, []string{"http (file ", "true, false"}},
		{"not YAML", "listen: [", nil, nil, []string{"cannot be read", "aftercare.yaml"}},
		{"a list at the top", "- a", nil, nil, []string{"cannot be read"}},
		{"wrong choice", "", []string{"AFTERCARE_LOG_LEVEL=verbose"}, nil, []string{`log_level (environment AFTERCARE_LOG_LEVEL) is "verbose"`, "debug, info, warn, error"}},
		{"wrong number", "", nil, []string{"--nats-replicas", "many"}, []string{`nats_replicas (flag --nats-replicas) is "many"`, "a whole number from 1 to 5"}},
		{"number too large", "", nil, []string{"--nats-replicas", "6"}, []string{`"6"`, "from 1 to 5"}},
		{"no port", "", nil, []string{"--listen", "localhost"}, []string{`listen (flag --listen) is "localhost"`, "host:port"}},
		{"port too large", "", nil, []string{"--listen", ":70000"}, []string{`":70000"`, "host:port"}},
		{"wrong scheme", "", nil, []string{"--database", "mysql://u:geheim@h/d"}, []string{`"mysql://u:***@h/d"`, "postgres://…"}},
		{"secret in a broken URL", "", nil, []string{"--database", "u:geheim@h"}, []string{`"***"`}},
		{"wrong NATS", "", nil, []string{"--nats", "on"}, []string{`nats (flag --nats) is "on"`, "off, nats://…"}},
		{"wrong duration", "", nil, []string{"--request-timeout", "30"}, []string{`"30"`, "30s or 2m"}},
		{"wrong size", "", nil, []string{"--body-limit", "1MB"}, []string{`"1MB"`, "10MiB"}},
		{"too small", "", nil, []string{"--body-limit", "5"}, []string{`"5"`, "from 1024"}},
		{"wrong zone", "", nil, []string{"--shop-zone", "Mars/Base"}, []string{`"Mars/Base"`, "IANA zone"}},
		{"wrong sender", "", nil, []string{"--mail-from", "shop"}, []string{`"shop"`, "e-mail address"}},
		{"wrong currency", "", nil, []string{"--shop-currency", "RMB"}, []string{`"RMB"`, "ISO 4217"}},
		{"wrong key", "", nil, []string{"--master-key", "geheim"}, []string{"***", "64 hexadecimal digits"}},
		{"wrong key among several", "", nil, []string{"--master-key-more", strings.Repeat("0a", 32) + ",geheim"}, []string{"***", "64 hexadecimal digits each"}},
		{"a socket without a path", "", nil, []string{"--clamd", "unix://"}, []string{"clamd (flag --clamd)", "unix://…"}},
		{"short key", "", nil, []string{"--master-key", "abcd"}, []string{"***", "64 hexadecimal digits"}},
		{"a list", "listen: [1, 2]", nil, nil, []string{`"1,2"`, "host:port"}},
		{"empty folder", "", nil, []string{"--data", ""}, []string{"data (flag --data) is empty"}},
		{"no such file", "", nil, []string{"--config", "/nonexistent.yaml"}, []string{"/nonexistent.yaml does not exist"}},
		{"wrong switch", "", nil, []string{"--http=maybe"}, []string{`"maybe"`, "true, false"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := tt.args
			if tt.file != "" {
				args = append(args, "--data", file(t, tt.file))
			}
			_, err := load(t, tt.environ, args)
			var wrong *config.Error
			if !errors.As(err, &wrong) {
				t.Fatalf("not refused as a setting: %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "geheim") {
				t.Errorf("not one line, or it shows the secret: %q", err)
			}
		})
	}
}

func TestASocketAndSeveralKeysAreUnderstood(t *testing.T) {
	first, second := strings.Repeat("0a", 32), strings.Repeat("0b", 32)
	c, err := load(t, nil, []string{"--data", t.TempDir(), "--clamd", "unix:///run/clamav/clamd.ctl", "--master-key", first, "--master-key-more", second + ", " + first})
	if err != nil {
		t.Fatal(err)
	}
	if c.Clamd.Reveal() != "unix:///run/clamav/clamd.ctl" {
		t.Errorf("socket %s", c.Clamd)
	}
	if all := c.MasterKeys(); len(all) != 3 || all[0][0] != 10 || all[1][0] != 11 {
		t.Errorf("keys %x", all)
	}
}

func TestAVariableThatIsNoSettingIsAWarning(t *testing.T) {
	c, err := load(t, []string{"AFTERCARE_LISTN=:1", "AFTERCARE_TEST_POSTGRES=x", "AFTERCARE_PORT=tcp://10.0.0.1:80"}, []string{"--data", t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Warnings(), "\n"); !strings.Contains(got, "AFTERCARE_LISTN is not a setting and was ignored (did you mean AFTERCARE_LISTEN?)") || strings.Contains(got, "TEST") {
		t.Errorf("warnings: %s", got)
	}
}

func TestASecretNeverPrints(t *testing.T) {
	c, err := load(t, nil, []string{
		"--data", t.TempDir(), "--metrics-token", "geheim", "--mail", "smtp://shop:geheim@mail.example:587",
		"--database", "postgres://aftercare:geheim@db/aftercare?sslpassword=geheim&sslmode=disable", "--nats", "nats://geheim@bus:4222",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.MetricsToken.Reveal() != "geheim" || !strings.Contains(c.DatabaseURL(), "geheim") {
		t.Error("the program cannot read the secret")
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "config", c, "token", c.MetricsToken, "mail", c.Mail)
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%s %v %+v %#v %s %s %q", raw, *c, c, c, c.MetricsToken, c.Database, c.Mail)
	if strings.Contains(out.String(), "geheim") {
		t.Errorf("the secret shows: %s", out.String())
	}
	if !strings.Contains(out.String(), "postgres://aftercare:***@db/aftercare") {
		t.Errorf("the address without its password is missing: %s", out.String())
	}
}

func TestDocumentListsEverySettingAndTheSampleLoads(t *testing.T) {
	var doc, sample bytes.Buffer
	if err := errors.Join(config.Document(&doc), config.Sample(&sample)); err != nil {
		t.Fatal(err)
	}
	for _, s := range config.Settings() {
		if !strings.Contains(doc.String(), "`"+s.Env()+"`") || s.Doc == "" {
			t.Errorf("%s is not documented", s.Key)
		}
	}
	var set []string // the sample with every comment sign before a key removed
	for line := range strings.SplitSeq(sample.String(), "\n") {
		if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "# ") {
			line = line[1:]
		}
		set = append(set, line)
	}
	c, err := load(t, nil, []string{"--data", file(t, strings.Join(set, "\n"))})
	if err != nil || !strings.HasPrefix(c.Source("mail"), "file ") {
		t.Errorf("the sample file does not load: %v", err)
	}
}
