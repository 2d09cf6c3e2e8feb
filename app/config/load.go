package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// FileFlag is the flag that names the configuration file.
const FileFlag = "config"

// Error is a setting that cannot be used. Its text is one line that names the
// key, where it was set, the value, and what would be right.
type Error struct{ text string }

func (e *Error) Error() string { return e.text }

func wrong(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// Load reads the settings. flags may hold any part of them; environ is as from
// os.Environ. The file is the one that --config or AFTERCARE_CONFIG names, else
// aftercare.yaml in the data folder if there is one. Any mistake is an *Error.
func Load(flags *pflag.FlagSet, environ []string) (*Config, error) {
	c := &Config{from: map[string]string{}}
	values := map[string]any{}
	take := func(k *koanf.Koanf, source func(Setting) string) {
		for _, s := range Settings() {
			if k.Exists(s.Key) {
				values[s.Key], c.from[s.Key] = k.Get(s.Key), source(s)
			}
		}
	}
	defaults := koanf.New(".")
	if err := defaults.Load(confmap.Provider(defaultValues(), "."), nil); err != nil {
		return nil, err
	}
	take(defaults, func(Setting) string { return "default" })
	environment, unknown, err := loadEnvironment(environ)
	if err != nil {
		return nil, err
	}
	given := koanf.New(".")
	if err := given.Load(changed(flags, given), nil); err != nil {
		return nil, err
	}
	path, data := choosePath(flags, environment, given)
	read, err := loadFile(path, data)
	if err != nil {
		return nil, err
	}
	if read.path != "" {
		take(read.values, func(Setting) string { return "file " + read.path })
	}
	take(environment, func(s Setting) string { return "environment " + s.Env() })
	take(given, func(s Setting) string { return "flag --" + s.Flag() })
	for _, name := range unknown {
		c.warnings = append(c.warnings, "environment variable "+name+" is not a setting and was ignored"+similar(name, envNames()))
	}
	for _, s := range Settings() {
		text, err := plain(values[s.Key])
		if err == nil {
			err = s.set(c, text)
		}
		if err != nil {
			return nil, wrong("%s (%s) is %s: write %s", s.Key, c.from[s.Key], s.shown(text), s.Values)
		}
	}
	return c, nil
}

// shown is a wrong value as an error may repeat it.
func (s Setting) shown(text string) string {
	switch text {
	case "":
		return "empty"
	}
	switch {
	case s.isSecret():
		return "***"
	case s.isLocation():
		return `"` + Location(text).String() + `"`
	}
	return `"` + text + `"`
}

func defaultValues() map[string]any {
	m := map[string]any{}
	for _, s := range Settings() {
		m[s.Key] = s.Default
	}
	return m
}

// changed reads the flags that were given; the others have no say.
func changed(flags *pflag.FlagSet, k *koanf.Koanf) koanf.Provider {
	return posflag.ProviderWithFlag(flags, ".", k, func(f *pflag.Flag) (string, any) {
		if !f.Changed {
			return "", nil
		}
		return strings.ReplaceAll(f.Name, "-", "_"), f.Value.String()
	})
}

// loadEnvironment returns the settings, and the names that are none. Those are
// no error: container platforms put variables of that shape there themselves.
func loadEnvironment(environ []string) (*koanf.Koanf, []string, error) {
	k := koanf.New(".")
	known := map[string]string{prefix + "CONFIG": FileFlag}
	for _, s := range Settings() {
		known[s.Env()] = s.Key
	}
	var unknown []string
	err := k.Load(env.Provider(".", env.Opt{Prefix: prefix, EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			if key, ok := known[name]; ok {
				return key, value
			}
			asks := name == prefix+"SERVER" || name == prefix+"KEY" // of commands that ask a running server
			if !asks && !strings.HasPrefix(name, prefix+"TEST_") {
				unknown = append(unknown, name)
			}
			return "", nil
		}}), nil)
	slices.Sort(unknown)
	return k, unknown, err
}

// choosePath returns the file that was asked for, or the data folder to look in.
func choosePath(flags *pflag.FlagSet, environment, given *koanf.Koanf) (path, data string) {
	path = environment.String(FileFlag)
	if f := flags.Lookup(FileFlag); f != nil && f.Changed {
		path = f.Value.String()
	}
	data = defaultValues()["data"].(string)
	for _, k := range []*koanf.Koanf{environment, given} {
		if k.Exists("data") {
			data = k.String("data")
		}
	}
	return path, data
}

type fromFile struct {
	path   string
	values *koanf.Koanf
}

func loadFile(path, data string) (fromFile, error) {
	asked := path != ""
	if !asked {
		path = filepath.Join(data, "aftercare.yaml")
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if asked {
			return fromFile{}, wrong("the configuration file %s does not exist", path)
		}
		return fromFile{}, nil
	}
	k := koanf.New("\x00") // no key is divided: the file is flat
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return fromFile{}, wrong("the configuration file %s cannot be read: %s", path, firstLine(err))
	}
	keys := slices.Collect(maps.Keys(defaultValues()))
	for _, key := range k.Keys() {
		key, _, _ = strings.Cut(key, "\x00")
		if !slices.Contains(keys, key) {
			return fromFile{}, wrong("%s (file %s) is not a setting%s; \"aftercare docs config\" lists them", key, path, similar(key, keys))
		}
	}
	return fromFile{path, k}, nil
}

func firstLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// plain turns what YAML makes of a value back into text.
func plain(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool, int, int64, uint64, float64:
		return fmt.Sprint(v), nil
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			word, err := plain(one)
			if err != nil {
				return "", err
			}
			words[i] = word
		}
		return strings.Join(words, ","), nil
	}
	return fmt.Sprint(value), fmt.Errorf("neither a text nor a list")
}

func envNames() []string {
	var all []string
	for _, s := range Settings() {
		all = append(all, s.Env())
	}
	return all
}

// similar suggests the name that was perhaps meant.
func similar(word string, names []string) string {
	best, least := "", 3
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// distance is the number of letters to add, drop or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
