package record

import (
	"bytes"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

// Print makes the timeline of a case as PDF. It says nothing that is not in the
// events, and is the same for the same events. It fails with shipment.ErrFont
// in a binary that was built without font.
func Print(c bundle.Case, files []bundle.File, lang string) ([]byte, error) {
	t := func(key string, args locale.Args) string { return locale.Text(lang, "bundle."+key, args) }
	var at time.Time
	if len(c.Events) > 0 {
		at = c.Events[len(c.Events)-1].Time()
	}
	d, err := shipment.NewPaper(t("title", nil)+" "+c.Case, lang, at, func(page, pages int) string {
		return c.Case + "   " + t("page", locale.Args{"page": page, "pages": pages})
	})
	if err != nil {
		return nil, err
	}
	d.Text(t("title", nil), 18, true, false)
	d.Space(1)
	d.Text(c.Case+" · "+c.Origin, 10, false, true)
	d.Text(t("about", nil), 10, false, true)
	d.Space(4)
	for _, l := range c.Lines(lang) {
		d.Keep(18)
		d.Rule()
		d.Text(l.Text, 11, true, false)
		d.Text(l.At+" · "+l.Who, 9, false, true)
		if l.Note != "" {
			d.Text(l.Note, 10, false, false)
		}
		proof := l.Type + " · " + l.Proof
		if l.Sealed {
			proof += " · " + t("entry", nil) + " " + strconv.FormatInt(l.Position, 10)
		}
		d.Text(proof, 8, false, true)
		d.Space(2)
	}
	if len(files) > 0 {
		d.Keep(25)
		d.Space(3)
		d.Text(t("photos", nil), 14, true, false)
		d.Text(t("file_of", nil), 9, false, true)
		d.Space(1)
		for _, f := range files {
			d.Text(f.SHA256+"."+f.Ext, 9, false, false)
		}
	}
	var out bytes.Buffer
	err = d.Write(&out)
	return out.Bytes(), err
}
