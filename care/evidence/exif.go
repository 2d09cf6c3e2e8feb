package evidence

import (
	"bytes"
	"encoding/binary"
)

// orientation finds how the camera was held, 1 to 8; 1 where nothing says so.
func orientation(media string, data []byte) (turn int) {
	turn = 1
	take := func(tiff []byte) {
		if n, ok := tiffOrientation(bytes.TrimPrefix(tiff, []byte("Exif\x00\x00"))); ok {
			turn = n
		}
	}
	switch media {
	case jpegFormat.media:
		jpegSegments(data, func(marker byte, body []byte) {
			if marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
				take(body)
			}
		})
	case pngFormat.media:
		pngChunks(data, func(name string, body []byte) {
			if name == "eXIf" {
				take(body)
			}
		})
	case webpFormat.media:
		_ = riff(data, func(name string, body []byte) error { // read before, without error
			if name == "EXIF" {
				take(body)
			}
			return nil
		})
	}
	return turn
}

// jpegSegments calls f for each segment before the pixels.
func jpegSegments(data []byte, f func(marker byte, body []byte)) {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker := data[i+1]
		if marker == 0xff { // padding
			i++
			continue
		}
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if marker == 0xda || size < 2 || i+2+size > len(data) {
			return
		}
		f(marker, data[i+4:i+2+size])
		i += 2 + size
	}
}

func pngChunks(data []byte, f func(name string, body []byte)) {
	for i := 8; i+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[i:]))
		if size < 0 || size > len(data)-i-12 {
			return
		}
		f(string(data[i+4:i+8]), data[i+8:i+8+size])
		i += 12 + size
	}
}

// riff calls f for each chunk of a WebP file. It stops at an error of f, and
// gives ErrBroken where a chunk is longer than the file.
func riff(data []byte, f func(name string, body []byte) error) error {
	for i := 12; i+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[i+4:]))
		if size < 0 || size > len(data)-i-8 {
			return ErrBroken
		}
		if err := f(string(data[i:i+4]), data[i+8:i+8+size]); err != nil {
			return err
		}
		i += 8 + size + size%2
	}
	return nil
}

// tiffOrientation reads tag 0x0112 of the first directory.
func tiffOrientation(tiff []byte) (int, bool) {
	if len(tiff) < 8 {
		return 0, false
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0, false
	}
	count := uint64(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 0, false
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			n := int(order.Uint16(tiff[entry+8:]))
			return n, n >= 1 && n <= 8
		}
	}
	return 0, false
}
