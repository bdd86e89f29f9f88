package pythonjson

import (
	"strconv"
	"strings"
)

// number reads an integer, or a float when a fraction or an exponent follows. A point or an "e" without digits behind it is not part
// of the number.
func (p *parser) number() (Value, *Error) {
	start := p.at
	p.accept("-")
	if !p.accept("0") && p.digits() == 0 {
		p.at = start
		return Value{}, p.fail("Expecting value", start)
	}
	isFloat := p.fraction()
	isFloat = p.exponent() || isFloat
	text := p.text[start:p.at]
	if isFloat {
		return Value{Kind: Float, Text: floatText(text)}, nil
	}
	if digits := len(strings.TrimPrefix(text, "-")); digits > maximumDigits {
		return Value{}, &Error{"Exceeds the limit (" + strconv.Itoa(maximumDigits) + " digits) for integer string conversion: value has " +
			strconv.Itoa(digits) + " digits; use sys.set_int_max_str_digits() to increase the limit"}
	}
	if text == "-0" {
		text = "0"
	}
	return Value{Kind: Int, Text: text}, nil
}

// digits moves past decimal digits and returns how many there were.
func (p *parser) digits() int {
	start := p.at
	for p.peek() >= '0' && p.peek() <= '9' {
		p.at++
	}
	return p.at - start
}

func (p *parser) fraction() bool {
	start := p.at
	if p.accept(".") && p.digits() > 0 {
		return true
	}
	p.at = start
	return false
}

func (p *parser) exponent() bool {
	start := p.at
	if p.accept("e") || p.accept("E") {
		if !p.accept("+") {
			p.accept("-")
		}
		if p.digits() > 0 {
			return true
		}
	}
	p.at = start
	return false
}

// floatText returns Python's repr of the float that a JSON number stands for: the shortest digits that read back the same, with an
// exponent below 1e-4 and from 1e16 on.
func floatText(number string) string {
	f, err := strconv.ParseFloat(number, 64)
	if err != nil { // only ever out of range: Python reads infinity
		if f < 0 {
			return "-inf"
		}
		return "inf"
	}
	scientific := strconv.FormatFloat(f, 'e', -1, 64)
	_, power, _ := strings.Cut(scientific, "e")
	if exponent, _ := strconv.Atoi(power); exponent < -4 || exponent >= 16 {
		return scientific
	}
	fixed := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(fixed, ".") {
		fixed += ".0"
	}
	return fixed
}
