package store

import (
	"fmt"
	"strings"
	"time"
)

// readUser reads a row of userStatements.userColumns.
func readUser(cells []any) (User, error) {
	row := rowReader{cells: cells}
	user := User{
		ID: row.text(), Username: row.text(), Password: row.text(), Email: row.text(), FirstName: row.text(), LastName: row.text(),
		IsActive: row.boolean(), IsStaff: row.boolean(), IsSuperuser: row.boolean(),
		DateJoined: row.datetime(), LastLogin: row.datetime(),
	}
	return user, row.err
}

// rowReader reads the cells of a row from left to right and keeps the first error. No cell's content enters an error.
type rowReader struct {
	cells []any
	next  int
	err   error
}

func (r *rowReader) cell() any {
	r.next++
	if r.next > len(r.cells) {
		r.fail("is missing")
		return nil
	}
	return r.cells[r.next-1]
}

func (r *rowReader) fail(reason string) {
	if r.err == nil {
		r.err = fmt.Errorf("column %d of the result %s", r.next, reason)
	}
}

func (r *rowReader) text() string {
	switch v := r.cell().(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	r.fail("is not text")
	return ""
}

// nullableText reads a text; NULL is "".
func (r *rowReader) nullableText() string {
	if r.next < len(r.cells) && r.cells[r.next] == nil {
		r.next++
		return ""
	}
	return r.text()
}

func (r *rowReader) boolean() bool { return r.integer() != 0 }

func (r *rowReader) integer() int64 {
	switch v := r.cell().(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	}
	r.fail("is not a number")
	return 0
}

// datetime reads a datetime; NULL is the zero time.
func (r *rowReader) datetime() time.Time {
	cell := r.cell()
	text, ok := cell.(string)
	if !ok {
		if cell != nil {
			r.fail("is not text")
		}
		return time.Time{}
	}
	t, err := parseDatetime(strings.TrimSpace(text))
	if err != nil {
		r.fail("is " + err.Error())
	}
	return t
}
