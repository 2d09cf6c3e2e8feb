package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/web"
)

func settings(_ context.Context, p *patient) []Finding {
	var all []Finding
	for _, line := range p.cfg.Warnings() {
		all = append(all, warn("settings", line, "remove it, or write the name that was meant")...)
	}
	host, _, _ := net.SplitHostPort(p.cfg.Listen)
	ip, err := netip.ParseAddr(host)
	if public := host == "" || err == nil && !ip.IsLoopback(); public && p.cfg.BaseURL == "" {
		all = append(all, warn("settings", "listening on "+p.cfg.Listen+" without base_url: links in e-mails will point to "+p.cfg.Address(), "set base_url to the address that customers use")...)
	}
	if strings.HasPrefix(string(p.cfg.BaseURL), "http:") && !strings.Contains(string(p.cfg.BaseURL), "localhost") {
		all = append(all, warn("settings", "base_url is not https", "put a proxy with a certificate in front, and set base_url to its https address")...)
	}
	if p.cfg.Demo {
		all = append(all, warn("settings", "demo is on: everybody sees the sign-ins", "switch it off for real customers")...)
	}
	if len(all) == 0 {
		return ok("settings", "understood")
	}
	return all
}

func folder(_ context.Context, p *patient) []Finding {
	info, err := os.Stat(p.cfg.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return warn("data folder", p.cfg.Data+" does not exist yet", "the first \"aftercare serve\" creates it")
	}
	if err != nil {
		return fail("data folder", err.Error(), "let the user that runs aftercare enter it")
	}
	if !info.IsDir() {
		return fail("data folder", p.cfg.Data+" is not a folder", "name a folder with --data")
	}
	probe, err := os.CreateTemp(p.cfg.Data, ".probe-*")
	if err != nil {
		return fail("data folder", err.Error(), "let the user that runs aftercare write there")
	}
	_ = errors.Join(probe.Close(), os.Remove(probe.Name()))
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return warn("data folder", fmt.Sprintf("%s is open to other users (%v)", p.cfg.Data, mode), "chmod 700 "+p.cfg.Data)
	}
	served := "no server uses it"
	if lock, err := app.TakeLock(p.cfg.Data); errors.Is(err, app.ErrServed) {
		served = "a server uses it"
	} else if err == nil {
		_ = lock.Release()
	}
	return ok("data folder", p.cfg.Data+", writable, closed to others; "+served)
}

func disk(_ context.Context, p *patient) []Finding {
	free, err := app.FreeSpace(p.cfg.Data)
	if err != nil {
		return ok("disk", "not known yet")
	}
	text := fmt.Sprintf("%.1f GiB free", float64(free)/(1<<30))
	switch {
	case free < 64<<20:
		return fail("disk", text, "make room: the server takes no more work")
	case free < 1<<30:
		return warn("disk", text, "make room soon")
	}
	return ok("disk", text)
}

func keys(_ context.Context, p *patient) []Finding {
	if p.cfg.MasterKey != "" {
		return ok("keys", "master_key is set")
	}
	path := filepath.Join(p.cfg.Data, "keys", "master.key")
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return warn("keys", "no master key yet", "the first start makes it; on a database that exists, restore it from a backup first")
	}
	if err != nil {
		return fail("keys", err.Error(), "let the user that runs aftercare read it")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fail("keys", path+" is open to other users", "chmod 600 "+path)
	}
	if info.Size() != 32 {
		return fail("keys", fmt.Sprintf("%s has %d bytes instead of 32", path, info.Size()), "restore it from a backup")
	}
	return ok("keys", path)
}

// assets are what a build may lack.
func assets(context.Context, *patient) []Finding {
	var all []Finding
	if web.Built() {
		all = append(all, ok("web pages", "built in")...)
	} else {
		all = append(all, fail("web pages", "this program was built without them", "build with \"make build\"")...)
	}
	if err := shipment.FontReady(); err != nil {
		return append(all, fail("label font", err.Error(), "build with \"make build\"")...)
	}
	return append(all, ok("label font", "built in")...)
}

// fileClock compares this process's clock with that of the file system, which
// differ where the data folder is on another machine.
func fileClock(p *patient) (time.Duration, error) {
	probe, err := os.CreateTemp(p.cfg.Data, ".probe-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(probe.Name())
	_, err = probe.Write([]byte("x"))
	now := time.Now()
	if err := errors.Join(err, probe.Close()); err != nil {
		return 0, err
	}
	info, err := os.Stat(probe.Name())
	if err != nil {
		return 0, err
	}
	return info.ModTime().Sub(now), nil
}
