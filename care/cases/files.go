package cases

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
)

// noteFiles tells the rules what was shown: a video answers the question for a
// video, a document that for a document, and neither counts as a photo.
func (c *Case) noteFiles(ctx context.Context, tx *db.Tx) error {
	ids := c.photos()
	kinds, err := evidence.Kinds(ctx, tx, c.Tenant, ids)
	if err != nil {
		return err
	}
	c.Detail.Other = nil
	for _, one := range ids {
		kind := kinds[one]
		if kind == "" || kind == evidence.KindPhoto {
			continue
		}
		c.Detail.Other = append(c.Detail.Other, one)
		if c.Detail.Known == nil {
			c.Detail.Known = Facts{}
		}
		c.Detail.Known[kind] = json.RawMessage("true")
	}
	return nil
}

// pictures counts the photos among files.
func (c *Case) pictures(ids []string) (n int) {
	for _, one := range ids {
		if !slices.Contains(c.Detail.Other, one) {
			n++
		}
	}
	return n
}

// lookFiles says of the files that a reader sees what they are.
func lookFiles(ctx context.Context, tx *db.Tx, c Case, v *View) error {
	var all []*PhotoRef
	add := func(refs []PhotoRef) {
		for i := range refs {
			all = append(all, &refs[i])
		}
	}
	for i := range v.Items {
		add(v.Items[i].Photos)
		for j := range v.Items[i].Grades {
			add(v.Items[i].Grades[j].Photos)
		}
	}
	if v.Decision != nil {
		add(v.Decision.Photos)
	}
	for i := range v.Findings {
		add(v.Findings[i].Photos)
	}
	return lookAt(ctx, tx, c, all)
}

// FilesOf are files of a case as a reader sees them, in the order asked for.
func FilesOf(ctx context.Context, tx *db.Tx, by actor.Actor, c Case, ids []string) ([]PhotoRef, error) {
	refs := photoRefs(by, ids)
	all := make([]*PhotoRef, len(refs))
	for i := range refs {
		all[i] = &refs[i]
	}
	return refs, lookAt(ctx, tx, c, all)
}

// lookAt says of files of a case what they are.
func lookAt(ctx context.Context, tx *db.Tx, c Case, all []*PhotoRef) error {
	if len(all) == 0 {
		return nil
	}
	files, err := evidence.ByCase(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return err
	}
	known := map[string]evidence.Photo{}
	for _, p := range files {
		known[p.ID] = p
	}
	for _, ref := range all {
		p, ok := known[ref.ID]
		if !ok { // erased
			ref.State = "gone"
			continue
		}
		ref.Kind, ref.Media = p.Kind, p.ViewMedia
		switch p.Scan {
		case evidence.ScanWaiting:
			ref.State = "checking"
		case evidence.ScanFound:
			ref.State = "harmful"
		}
	}
	return nil
}

func photoRefs(by actor.Actor, ids []string) []PhotoRef {
	all := []PhotoRef{}
	for _, id := range ids {
		all = append(all, PhotoRef{ID: id, URL: base(by) + "/photos/" + id})
	}
	return all
}
