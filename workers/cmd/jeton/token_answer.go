package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/spf13/cobra"
)

// maxToken is the largest token, in bytes: core's default.
const maxToken = 8 << 10

const linesHelp = `With --lines every line of standard input is one token, exactly as it stands up to the line feed, and gives one line of JSON:
  {"valid":true,"header":{...},"claims":{...}}
  {"valid":false,"code":"token_expired","message":"the token has expired (exp)"}
The exit status is 0 when all tokens were valid, 1 when some were not, 2 when a flag or a file is not usable.`

// readToken gives the header and the claims of a token as they stand in it, or why it is refused.
type readToken func(token string) (header, claims []byte, err error)

// answerTokens prints what read says of the token in args, or else of what is on standard input.
func answerTokens(cmd *cobra.Command, args []string, lines bool, read readToken) error {
	if lines {
		if len(args) > 0 {
			return usageError("--lines: the tokens come from standard input, not from arguments")
		}
		return answerLines(cmd.InOrStdin(), cmd.OutOrStdout(), read)
	}
	var token string
	if len(args) == 1 {
		token = args[0]
	} else {
		// Room for a line ending, and for one byte more than a token may have.
		data, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxToken+3))
		if err != nil {
			return failure("standard input: %w", err)
		}
		token = trimLineEnding(string(data))
	}
	answer, valid := answerTo(token, read)
	var indented bytes.Buffer
	if err := json.Indent(&indented, answer, "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	if _, err := cmd.OutOrStdout().Write(indented.Bytes()); err != nil {
		return err
	}
	if !valid {
		return errRefused
	}
	return nil
}

// answerLines answers one line for each line of in, in bounded memory.
func answerLines(in io.Reader, out io.Writer, read readToken) error {
	lines := lineReader{in: bufio.NewReader(in), limit: maxToken}
	writer := bufio.NewWriter(out)
	allValid := true
	for {
		line, err := lines.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			writer.Flush()
			return failure("standard input: %w", err)
		}
		answer, valid := answerTo(string(line), read)
		allValid = allValid && valid
		writer.Write(answer)
		writer.WriteByte('\n')
		// Whoever writes tokens one by one gets each answer before the next token.
		if lines.in.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
	if err := writer.Flush(); err != nil {
		return err
	}
	if !allValid {
		return errRefused
	}
	return nil
}

// lineReader reads lines of any length. Of a line over the limit it returns limit+1 bytes: enough to be refused for its size.
type lineReader struct {
	in    *bufio.Reader
	limit int
	line  []byte
}

// next returns the next line without its line feed, or io.EOF when there is none. The line is valid until the next call. A last line
// may lack its line feed.
func (r *lineReader) next() ([]byte, error) {
	r.line = r.line[:0]
	started := false
	for {
		chunk, err := r.in.ReadSlice('\n')
		started = started || len(chunk) > 0
		if err == nil {
			chunk = chunk[:len(chunk)-1]
		}
		room := r.limit + 1 - len(r.line)
		r.line = append(r.line, chunk[:min(room, len(chunk))]...)
		switch {
		case err == nil, err == io.EOF && started:
			return r.line, nil
		case err != bufio.ErrBufferFull:
			return nil, err
		}
	}
}

// answerTo returns one line of JSON about token, and whether it was accepted. Header and claims are the token's own JSON, so that a
// number keeps every digit.
func answerTo(token string, read readToken) (answer []byte, valid bool) {
	header, claims, err := read(token)
	if err != nil {
		return refusal(err), false
	}
	var line bytes.Buffer
	line.WriteString(`{"valid":true,"header":`)
	headerErr := json.Compact(&line, header)
	line.WriteString(`,"claims":`)
	if err := errors.Join(headerErr, json.Compact(&line, claims)); err != nil {
		return refusal(err), false
	}
	line.WriteByte('}')
	return line.Bytes(), true
}

func refusal(err error) []byte {
	code, message := core.TokenMalformed, core.TokenMalformed.Error()
	var refused *core.Error
	if errors.As(err, &refused) {
		var texts []string
		for _, failure := range refused.Failures() {
			texts = append(texts, failure.String())
		}
		code, message = refused.Code(), strings.Join(texts, "; ")
	}
	line, _ := json.Marshal(struct {
		Valid   bool      `json:"valid"`
		Code    core.Code `json:"code"`
		Message string    `json:"message"`
	}{false, code, message}) // strings always marshal
	return line
}

// trimLineEnding removes one line ending, LF or CR LF.
func trimLineEnding(text string) string {
	if line, found := strings.CutSuffix(text, "\n"); found {
		return strings.TrimSuffix(line, "\r")
	}
	return text
}
