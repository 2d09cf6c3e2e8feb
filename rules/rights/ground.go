package rights

import (
	"encoding/json"
	mathbits "math/bits"
	"strconv"
)

// used lists facts that were given, in the order of the vocabulary. The lists of
// one answer lie one after the other in the same room.
func (r *run) used(facts set) []Used {
	from := len(r.grounds)
	for at := range facts {
		for bits := facts[at]; bits != 0; bits &= bits - 1 {
			i := at*64 + mathbits.TrailingZeros64(bits)
			if v := &r.facts[i]; v.given {
				r.grounds = append(r.grounds, Used{vocabulary.all[i].name, r.json(v, vocabulary.all[i].kind)})
			}
		}
	}
	return r.grounds[from:len(r.grounds):len(r.grounds)]
}

var quotedTruth = [2]json.RawMessage{json.RawMessage("false"), json.RawMessage("true")}

// json writes a value.
func (r *run) json(v *value, k kind) json.RawMessage {
	from := len(r.raw)
	switch k {
	case yesno:
		return quotedTruth[v.n]
	case date:
		return quotedDate(v.n)
	case number:
		r.raw = strconv.AppendInt(r.raw, v.n, 10)
	default:
		r.raw = strconv.AppendQuote(r.raw, v.s)
	}
	return r.raw[from:len(r.raw):len(r.raw)]
}
