package interop

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// response is an answer, with the time in which it was made.
type response struct {
	status     int
	header     http.Header
	body       string
	start, end time.Time
}

// contractHeaders are the header fields whose values clients look at.
var contractHeaders = []string{"Content-Type", "Allow", "Vary", "WWW-Authenticate", "Set-Cookie", "Retry-After", "Location"}

// exchange sends a request exactly as written, with nothing added but Host, Connection and the length of the body.
func exchange(address, request string, headers []string, body []byte, hasBody, chunked bool) (*response, error) {
	connection, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	start := time.Now()
	connection.SetDeadline(start.Add(time.Minute))
	go connection.Write(requestText(address, request, headers, body, hasBody, chunked)) // it may be refused before it is sent
	method, _, _ := strings.Cut(request, " ")
	received, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		return nil, err
	}
	defer received.Body.Close()
	text, err := io.ReadAll(received.Body)
	if err != nil {
		return nil, err
	}
	return &response{received.StatusCode, received.Header, string(text), start, time.Now()}, nil
}

func requestText(address, request string, headers []string, body []byte, hasBody, chunked bool) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", request, address)
	for _, field := range headers {
		text.WriteString(field + "\r\n")
	}
	switch {
	case chunked:
		fmt.Fprintf(&text, "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	case hasBody:
		fmt.Fprintf(&text, "Content-Length: %d\r\n\r\n%s", len(body), body)
	default:
		text.WriteString("\r\n")
	}
	return text.Bytes()
}

// send sends the request of a step to a target.
func (s *step) send(at *target, v *variables) (*response, error) {
	request, err := v.plain(s.Request)
	if err != nil {
		return nil, err
	}
	var headers []string
	for _, field := range s.Headers {
		if field, err = v.plain(field); err != nil {
			return nil, err
		}
		headers = append(headers, field)
	}
	body, contentType, err := s.content(v)
	if err != nil {
		return nil, err
	}
	if contentType != "" && !hasContentType(headers) {
		headers = append(headers, "Content-Type: "+contentType)
	}
	hasBody := body != nil || contentType != ""
	return exchange(at.address, request, headers, body, hasBody, s.Chunked)
}

func hasContentType(headers []string) bool {
	for _, field := range headers {
		if name, _, _ := strings.Cut(field, ":"); textproto.CanonicalMIMEHeaderKey(name) == "Content-Type" {
			return true
		}
	}
	return false
}

// content returns the body of a step and the content type that goes with its kind.
func (s *step) content(v *variables) (body []byte, contentType string, err error) {
	var text string
	switch {
	case s.JSON != nil:
		text, err = v.json(compact(s.JSON))
		return []byte(text), "application/json", err
	case s.Form != "":
		text, err = v.plain(s.Form)
		return []byte(text), "application/x-www-form-urlencoded", err
	case s.Multipart != nil:
		return s.multipart(v)
	case s.Bytes != nil:
		return s.Bytes, "", nil
	case s.Body != "":
		text, err = v.plain(s.Body)
		return []byte(text), "", err
	}
	return nil, "", nil
}

func (s *step) multipart(v *variables) ([]byte, string, error) {
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for _, p := range s.Multipart {
		value, err := v.plain(p.Value)
		if err != nil {
			return nil, "", err
		}
		disposition := "form-data; name=" + strconv.Quote(p.Name)
		if p.Filename != "" {
			disposition += "; filename=" + strconv.Quote(p.Filename)
		}
		content, err := writer.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}})
		if err != nil {
			return nil, "", err
		}
		content.Write([]byte(value))
	}
	err := writer.Close()
	return body.Bytes(), writer.FormDataContentType(), err
}
