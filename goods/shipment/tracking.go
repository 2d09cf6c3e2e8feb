package shipment

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
)

// damm is the table of H. M. Damm's check digit (2004): it finds every wrong
// digit and every swap of neighbours, which are what people type wrong.
var damm = [10]string{
	"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
	"3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
}

func checkDigit(digits string) byte {
	state := byte('0')
	for _, d := range []byte(digits) {
		state = damm[state-'0'][d-'0']
	}
	return state
}

const labelDigits = 11 // and one check digit

// number makes the number of a label: "AC", eleven random digits and a check
// digit. Random, so that nobody finds other parcels by counting.
func number() string {
	var b [8]byte
	_, _ = rand.Read(b[:])
	digits := fmt.Sprintf("%0*d", labelDigits, binary.BigEndian.Uint64(b[:])%100_000_000_000)
	return "AC" + digits + string(checkDigit(digits))
}

// Valid tells whether a text has the form of a number on our own labels, in
// the form they are stored, with the right check digit.
func Valid(tracking string) bool {
	if len(tracking) != len("AC")+labelDigits+1 || tracking[:2] != "AC" {
		return false
	}
	for _, d := range []byte(tracking[2:]) {
		if d < '0' || d > '9' {
			return false
		}
	}
	return checkDigit(tracking[2:]) == '0' // digits with their check digit always end there
}
