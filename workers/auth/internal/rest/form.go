package rest

import (
	"io"
	"mime/multipart"
	"strings"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// parseForm reads application/x-www-form-urlencoded text, or a query string. Nothing in it can be wrong: a percent sign without two hex
// digits behind it stands for itself.
func parseForm(text string) Data {
	form := Data{Kind: pythonjson.Dict}
	for pair := range strings.SplitSeq(text, "&") {
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			form = appendMember(form, unescapeForm(name), textValue(unescapeForm(value)))
		}
	}
	return form
}

func unescapeForm(text string) string {
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '+':
			plain = append(plain, ' ')
		case text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			plain = append(plain, hexDigit(text[i+1])<<4|hexDigit(text[i+2]))
			i += 2
		default:
			plain = append(plain, text[i])
		}
	}
	return string(plain)
}

func isHex(char byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", char) >= 0 }

func hexDigit(char byte) byte {
	if char <= '9' {
		return char - '0'
	}
	return char&^0x20 - 'A' + 10
}

// parseMultipart reads multipart/form-data (RFC 7578). A part with a file name is a file, which no field takes; it stands in the data
// as a Dict, because that is what no field takes either.
func parseMultipart(text string, media mediaType) (Data, *Failure) {
	malformed := func(problem string) (Data, *Failure) {
		return Data{}, Refuse(400, "Multipart form parse error - "+problem)
	}
	boundary, found := media.param("boundary")
	if !found {
		return malformed("Invalid boundary in multipart: None")
	}
	if boundary == "" || len(boundary) > 201 || !IsPrintable(boundary) || strings.HasSuffix(boundary, " ") {
		return malformed("Invalid boundary in multipart: " + Latin1(boundary))
	}
	form, files := Data{Kind: pythonjson.Dict}, Data{}
	reader := multipart.NewReader(strings.NewReader(text), boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			// Files come behind fields, so that a file wins over a field of its name.
			form.Names, form.Elements = append(form.Names, files.Names...), append(form.Elements, files.Elements...)
			return form, nil
		}
		if err != nil {
			return malformed("The body does not consist of the parts its boundary announces.")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return malformed("A part does not end.")
		}
		if part.FileName() != "" {
			files = appendMember(files, part.FormName(), Data{Kind: pythonjson.Dict})
		} else if part.FormName() != "" {
			form = appendMember(form, part.FormName(), textValue(string(content)))
		}
	}
}
