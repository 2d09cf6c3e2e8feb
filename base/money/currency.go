package money

import "fmt"

// Exponents of ISO 4217 (list of 2024-06-25) that are not 2. Funds codes,
// metals and test codes are left out: nobody pays with them.
var exponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
	"UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// twoDigits are the currencies with exponent 2, in blocks of three letters.
const twoDigits = "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCNYCOPCRCCUPCVECZKDKKDOP" +
	"DZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHTGHUFIDRILSINRIRRJMDKESKGSKHRKPWKYDKZTLAKLBPLKRLRDLSL" +
	"MADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLNQARRONRSDRUBSARSBDSCRSDGSEK" +
	"SGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUYUUZSVEDVESWSTXCDXCGYERZARZMWZWG"

var byCode = func() map[string]int {
	m := make(map[string]int, len(twoDigits)/3+len(exponents))
	for i := 0; i < len(twoDigits); i += 3 {
		m[twoDigits[i:i+3]] = 2
	}
	for code, exp := range exponents {
		m[code] = exp
	}
	return m
}()

// Exponent returns the number of digits after the point of a currency.
func Exponent(currency string) (int, error) {
	exp, ok := byCode[currency]
	if !ok {
		return 0, fmt.Errorf("%w: %q", ErrUnknown, currency)
	}
	return exp, nil
}
