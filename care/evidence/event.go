package evidence

// Attached says which photos became part of a case. Their digests make the
// files provable: nobody can change one afterwards without it showing.
type Attached struct {
	Photos []AttachedPhoto `json:"photos"`
}

// AttachedPhoto is one photo with the SHA-256 of the file as it was sent.
type AttachedPhoto struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

func (Attached) Type() string { return "photo.attached" }
