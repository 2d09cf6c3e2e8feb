package rights

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/money"
)

//go:embed packs/*.yaml
var files embed.FS

//go:embed words.yaml
var wordsFile []byte

// catalogue is what all packs share: remedies, codes and the words around them.
type catalogue struct {
	Remedies map[string]Texts `yaml:"remedies"`
	Codes    map[string]Code  `yaml:"codes"`
	Phrases  map[string]Texts `yaml:"phrases"`
}

var standard = sync.OnceValue(func() catalogue {
	var c catalogue
	if err := yaml.Unmarshal(wordsFile, &c); err != nil {
		panic(fmt.Errorf("words.yaml: %w", err)) // embedded: wrong only by a bug
	}
	return c
})

// Book is a set of packs ready to decide. It may be used by many at once.
type Book struct {
	packs  []*Pack
	laws   map[string][]*law // by jurisdiction, in the order of their first day
	covers map[string]string // country to the jurisdiction that covers it
	zones  sync.Map
	says   sync.Map // sentences by what they word
}

// Problem is a mistake in a pack, at its place.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path,omitempty"` // of names and places: rules.3.window.ends
	Code    string `json:"code"`           // never changes its meaning
	Message string `json:"message"`
}

// Error gives file:line:column: path: message [code].
func (p Problem) Error() string {
	where := p.Path
	if where != "" {
		where += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s [%s]", p.File, p.Line, p.Column, where, p.Message, p.Code)
}

// Problems are all mistakes found.
type Problems []Problem

// Error gives one mistake a line.
func (p Problems) Error() string {
	var lines []string
	for _, one := range p {
		lines = append(lines, one.Error())
	}
	return strings.Join(lines, "\n")
}

// Standard is the book of the packs that Aftercare ships.
var Standard = sync.OnceValues(func() (*Book, error) {
	inner, err := fs.Sub(files, "packs")
	if err != nil {
		return nil, err
	}
	packs, problems := readAll(inner, "", false)
	return bind(packs, problems)
})

// Load is the standard book with the packs of folders added. A pack of the same
// jurisdiction and effective day replaces the shipped one; with another day it
// is another version. Mistakes come back as Problems, all at once.
func Load(folders ...string) (*Book, error) {
	if len(folders) == 0 {
		return Standard()
	}
	inner, err := fs.Sub(files, "packs")
	if err != nil {
		return nil, err
	}
	packs, problems := readAll(inner, "", false)
	for _, folder := range folders {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return nil, ErrPack.With("folder", folder).With("reason", "is no folder")
		}
		more, wrong := readAll(os.DirFS(folder), folder, true)
		problems = append(problems, wrong...)
		if len(more)+len(wrong) == 0 {
			return nil, ErrPack.With("folder", folder).With("reason", "holds no .yaml file")
		}
		for _, p := range more {
			same := func(old *Pack) bool { return old.Jurisdiction == p.Jurisdiction && old.Effective == p.Effective }
			if i := slices.IndexFunc(packs, same); i >= 0 {
				if packs[i].file != "" && path.Dir(packs[i].file) == path.Dir(p.file) {
					problems = append(problems, p.problem(sameDay, "effective", p.Jurisdiction, packs[i].file))
				}
				packs[i] = p
				continue
			}
			packs = append(packs, p)
		}
	}
	return bind(packs, problems)
}

func readAll(from fs.FS, folder string, strictly bool) (packs []*Pack, problems Problems) {
	names, err := fs.Glob(from, "*.yaml")
	if err != nil {
		return nil, Problems{{File: folder, Code: noFile.code, Message: err.Error()}}
	}
	more, _ := fs.Glob(from, "*.yml")
	for _, name := range slices.Sorted(slices.Values(append(names, more...))) {
		file := path.Join(folder, name)
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			problems = append(problems, Problem{File: file, Code: noFile.code, Message: err.Error()})
			continue
		}
		p, wrong := read(raw, file, strictly)
		if problems = append(problems, wrong...); p != nil && len(wrong) == 0 {
			packs = append(packs, p)
		}
	}
	return packs, problems
}

// read decodes a file. Strictly means: by the published schema.
func read(raw []byte, file string, strictly bool) (*Pack, Problems) {
	var root yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, Problems{{File: file, Line: 1, Column: 1, Code: emptyFile.code, Message: emptyFile.text()}}
		}
		return nil, Problems{syntax(err, file)}
	}
	p := &Pack{file: file, root: &root}
	if strictly {
		if wrong := p.validate(); wrong != nil {
			return nil, wrong
		}
	}
	if err := root.Decode(p); err != nil {
		return nil, Problems{syntax(err, file)}
	}
	return p, nil
}

// syntax reads the line out of an error of the YAML library.
func syntax(err error, file string) Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	p := Problem{File: file, Line: 1, Column: 1, Code: noYAML.code, Message: text}
	if _, rest, ok := strings.Cut(text, "line "); ok {
		number, message, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(strings.TrimSpace(number)); err == nil {
			p.Line, p.Message = n, message
		}
	}
	return p
}

// problem finds the place of a path such as rules.3.if.
func (p *Pack) problem(is mistake, where string, values ...any) Problem {
	node := p.root
	if node == nil {
		return Problem{File: p.file, Path: where, Code: is.code, Message: is.text(values...)}
	}
	if node.Kind == yaml.DocumentNode {
		node = node.Content[0]
	}
	for rest := where; rest != "" && node != nil; {
		next, left := step(node, rest)
		if next == nil {
			break
		}
		node, rest = next, left
	}
	return Problem{File: p.file, Line: node.Line, Column: node.Column, Path: where, Code: is.code, Message: is.text(values...)}
}

// step goes one level down. Keys may hold dots: the longest that fits is taken.
func step(node *yaml.Node, rest string) (*yaml.Node, string) {
	switch node.Kind {
	case yaml.SequenceNode:
		head, left, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(head); err == nil && i < len(node.Content) {
			return node.Content[i], left
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key := node.Content[i].Value
			if rest == key {
				at := *node.Content[i+1]
				at.Line, at.Column = node.Content[i].Line, node.Content[i].Column
				return &at, ""
			}
			if strings.HasPrefix(rest, key+".") {
				return node.Content[i+1], rest[len(key)+1:]
			}
		}
	}
	return nil, ""
}

// bind connects packs with those that they extend, and compiles them.
func bind(packs []*Pack, problems Problems) (*Book, error) {
	b := &Book{packs: packs, laws: map[string][]*law{}, covers: map[string]string{}}
	by := map[string][]*Pack{}
	slices.SortStableFunc(packs, func(a, c *Pack) int {
		return cmp.Or(cmp.Compare(a.Jurisdiction, c.Jurisdiction), cmp.Compare(a.Effective, c.Effective))
	})
	for _, p := range packs {
		by[p.Jurisdiction] = append(by[p.Jurisdiction], p)
		for _, country := range p.Covers {
			b.covers[country] = p.Jurisdiction
		}
	}
	for name, own := range by {
		starts := map[string]bool{}
		for _, p := range own {
			starts[p.Effective] = true
			for _, base := range by[p.Extends] {
				starts[base.Effective] = true
			}
			if p.Extends != "" && by[p.Extends] == nil {
				problems = append(problems, p.problem(noPack, "extends", p.Extends))
			}
		}
		for _, start := range slices.Sorted(maps.Keys(starts)) {
			p := inForce(own, start)
			if p == nil {
				continue
			}
			l, wrong := compile(p, inForce(by[p.Extends], start), start)
			problems = append(problems, wrong...)
			b.laws[name] = append(b.laws[name], l)
		}
	}
	if len(problems) > 0 {
		slices.SortFunc(problems, func(a, c Problem) int {
			return cmp.Or(cmp.Compare(a.File, c.File), cmp.Compare(a.Line, c.Line), cmp.Compare(a.Column, c.Column), cmp.Compare(a.Message, c.Message))
		})
		return nil, slices.CompactFunc(problems, func(a, c Problem) bool { return a == c })
	}
	return b, nil
}

func inForce(packs []*Pack, day string) (found *Pack) {
	for _, p := range packs {
		if p.Effective <= day {
			found = p
		}
	}
	return found
}

func compile(p, base *Pack, start string) (*law, Problems) {
	l := &law{pack: p, base: base, version: fmt.Sprintf("%s@%d", p.Jurisdiction, p.Version), draft: p.Status == "draft", codes: map[string]Code{}, currency: p.Currency}
	c := compiler{pack: p, base: base, codes: l.codes, tables: map[string]Table{}}
	l.from = c.date(start, "effective", 0)
	zone, cal := p.Zone, p.Calendar
	maps.Copy(l.codes, standard().Codes)
	owners := []*Pack{p}
	if base != nil {
		l.version += fmt.Sprintf("+%s@%d", base.Jurisdiction, base.Version)
		zone, cal, l.currency = cmp.Or(zone, base.Zone), cmp.Or(cal, base.Calendar), cmp.Or(l.currency, base.Currency)
		owners = []*Pack{base, p}
	}
	for _, o := range owners {
		maps.Copy(l.codes, o.Codes)
		maps.Copy(c.tables, o.Tables)
	}
	var err error
	if l.zone, err = calendar.Zone(zone); err != nil {
		c.wrong(noZone, "zone", zone)
	}
	if _, err := money.Exponent(l.currency); l.currency != "" && err != nil {
		c.wrong(noCurrency, "currency", l.currency)
	}
	l.calendar = calendar.Weekdays
	if cal != "" {
		if l.calendar, err = calendar.Load(cal); err != nil {
			c.wrong(noCalendar, "calendar", cal, strings.Join(calendar.Names(), " "))
			l.calendar = calendar.Weekdays
		}
		c.calendar = true
	}
	replaced := map[string]bool{}
	seen := map[string]bool{}
	for i := range p.Rules {
		r := p.Rules[i]
		at := fmt.Sprintf("rules.%d", i)
		if seen[r.ID] {
			c.wrong(ruleTwice, at+".id", r.ID)
		}
		seen[r.ID] = true
		if r.Like != "" {
			if old := find(base, r.Like); old != nil {
				r = inherit(r, *old)
				replaced[r.Like] = true
			} else {
				c.wrong(noRule, at+".like", r.Like)
			}
		}
		replaced[r.ID] = true
		l.rules = append(l.rules, c.rule(&r, p, at))
	}
	if base != nil {
		inner := compiler{pack: base, codes: l.codes, tables: c.tables, calendar: c.calendar}
		for i := range base.Rules {
			if r := base.Rules[i]; !replaced[r.ID] {
				l.rules = append(l.rules, inner.rule(&r, base, fmt.Sprintf("rules.%d", i)))
			}
		}
		c.problems = append(c.problems, inner.problems...)
	}
	return l, c.problems
}

func find(p *Pack, id string) *Rule {
	if p == nil {
		return nil
	}
	for i := range p.Rules {
		if p.Rules[i].ID == id {
			return &p.Rules[i]
		}
	}
	return nil
}

// zone loads a zone once.
func (b *Book) zone(name string) (*time.Location, error) {
	if z, ok := b.zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	z, err := calendar.Zone(name)
	if err != nil {
		return nil, err
	}
	b.zones.Store(name, z)
	return z, nil
}
