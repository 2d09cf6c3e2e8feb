// Package backup copies a whole installation into one file and back: every row
// of every table, the stored files, the keys and the configuration file.
//
// It owns the archive's format, which names no engine: what was saved from
// SQLite can be restored into PostgreSQL and the other way round. It does not
// know what a table means. A backup is one moment of the database, taken while
// it is used; a restore happens completely or not at all, and only after every
// checksum was right. The message stream is not saved: it is a copy of the
// event log and is filled again from there.
package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/bits"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Errors that the caller can act on.
var (
	ErrDamaged  = errors.New("the backup is damaged")
	ErrNewer    = errors.New("the backup was made by a newer version")
	ErrNotEmpty = errors.New("the target is not empty")
	ErrFormat   = errors.New("not a backup of Aftercare")
)

// format is the version of the archive's layout.
const format = 1

// Names of the entries. Rows come as tables/NAME/000001.jsonl, one JSON array
// per line in the order of the columns; files keep their path in the data
// folder.
const (
	headEntry     = "aftercare-backup.json"
	manifestEntry = "manifest.json"
	tableFolder   = "tables/"
	fileFolder    = "files/"
)

// Head is the first entry: enough to refuse an archive before reading it.
type Head struct {
	Format     int         `json:"format"`
	Version    string      `json:"version"` // of the program
	Engine     db.Engine   `json:"engine"`
	CreatedAt  time.Time   `json:"created_at"`
	Migrations []Migration `json:"migrations"`
	Tables     []Table     `json:"tables"`
}

// Migration is one schema file that had been applied.
type Migration struct {
	Package  string `json:"package"`
	Number   int    `json:"number"`
	Checksum string `json:"checksum"`
}

// Table is what the archive holds of one table.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"` // columns of the primary key
}

// Column is a column and its type: text, bigint (also for booleans) or bytea.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Manifest is the last entry: what the archive must contain.
type Manifest struct {
	Head    Head              `json:"head"`
	Rows    map[string]int64  `json:"rows"`    // by table
	Digests map[string]string `json:"digests"` // of all rows of a table, in any order
	Entries []Entry           `json:"entries"`
}

// Entry is one file of the archive.
type Entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Count adds up the rows and the stored files.
func (m Manifest) Count() (rows int64, files int) {
	for _, n := range m.Rows {
		rows += n
	}
	for _, e := range m.Entries {
		if len(e.Name) > len(fileFolder) && e.Name[:len(fileFolder)] == fileFolder {
			files++
		}
	}
	return rows, files
}

// Progress is told what is going on; total is 0 where it is not known.
type Progress func(what string, done, total int64)

// digest adds up the hashes of rows, so that the order does not matter.
type digest [4]uint64

func (d *digest) add(row []byte) {
	sum := sha256.Sum256(row)
	var carry uint64
	for i := range d {
		var word uint64
		for _, b := range sum[8*i : 8*i+8] {
			word = word<<8 | uint64(b)
		}
		d[i], carry = bits.Add64(d[i], word, carry)
	}
}

func (d *digest) String() string {
	out := make([]byte, 0, 32)
	for _, word := range d {
		for shift := 56; shift >= 0; shift -= 8 {
			out = append(out, byte(word>>shift))
		}
	}
	return hex.EncodeToString(out)
}
