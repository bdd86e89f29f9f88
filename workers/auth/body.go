package auth

import (
	"strings"
	"unicode/utf8"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// data is the data of a request, of whatever media type: a Dict unless the client sent JSON that is something else.
type data = pythonjson.Value

// parsers are the media types that are understood, in the order they are tried.
var parsers = []struct {
	media mediaType
	parse func(text string, media mediaType) (data, *failure)
}{
	{parseMediaType("application/json"), parseJSON},
	{parseMediaType("application/x-www-form-urlencoded"), func(text string, _ mediaType) (data, *failure) { return parseForm(text), nil }},
	{parseMediaType("multipart/form-data"), parseMultipart},
}

// readData parses the body by its content type. An empty body is an empty Dict whatever its type.
func readData(request *Request) (data, *failure) {
	if len(request.Body) > MaxBodyBytes {
		return data{}, refuse(413, "Request body too large.")
	}
	if len(request.Body) == 0 {
		return data{Kind: pythonjson.Dict}, nil
	}
	contentType := request.Header.Get("Content-Type")
	media := parseMediaType(contentType)
	for _, parser := range parsers {
		if len(contentType) <= maximumMediaTypeLength && parser.media.matches(media) {
			return parser.parse(string(request.Body), media)
		}
	}
	return data{}, refuse(415, `Unsupported media type "`+latin1(contentType)+`" in request.`)
}

func parseJSON(text string, media mediaType) (data, *failure) {
	charset, _ := media.param("charset")
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii":
	case "iso-8859-1", "latin-1", "latin1":
		text = latin1(text)
	default:
		return data{}, refuse(400, `Unsupported charset "`+latin1(charset)+`" in request Content-Type header.`)
	}
	text, err := pythonjson.DecodeUTF8([]byte(text))
	if err != nil {
		return data{}, refuse(400, "JSON parse error - "+err.Error())
	}
	value, err := pythonjson.Parse(text)
	if err != nil {
		return data{}, refuse(400, "JSON parse error - "+err.Error())
	}
	return value, nil
}

// latin1 returns bytes as text, each one a character, as Python reads header fields. Text in ASCII stays as it is.
func latin1(bytes string) string {
	var text strings.Builder
	for i := range len(bytes) {
		text.WriteRune(rune(bytes[i]))
	}
	return text.String()
}

// textValue returns a form's text as data. Bytes that are no UTF-8 become U+FFFD.
func textValue(text string) data {
	return data{Kind: pythonjson.String, Text: strings.ToValidUTF8(text, string(utf8.RuneError))}
}

// appendMember adds a field to a Dict, in which the last of a name counts.
func appendMember(dict data, name string, value data) data {
	dict.Names, dict.Elements = append(dict.Names, name), append(dict.Elements, value)
	return dict
}
