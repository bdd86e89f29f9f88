package main

import (
	"time"

	"github.com/jeton-dev/jeton/core"
)

// optionsReader reads a JSON object of options and keeps the first thing that was wrong. An option of an unknown name is an error: a
// misspelt "audience" must not become an unchecked one.
type optionsReader struct {
	object *core.Object
	known  []string
	err    error
}

func (r *optionsReader) fail() {
	if r.err == nil {
		r.err = core.PolicyInvalid
	}
}

// valid reports whether everything read so far was understood and nothing else is there.
func (r *optionsReader) valid() bool {
	for i := range r.object.Len() {
		name, _ := r.object.Member(i)
		if !contains(r.known, name) {
			r.fail()
		}
	}
	return r.err == nil
}

func contains(list []string, text string) bool {
	for _, other := range list {
		if other == text {
			return true
		}
	}
	return false
}

// read calls convert for a member that is there.
func (r *optionsReader) read(name string, convert func(core.Value) bool) {
	if value, present := r.object.Get(name); present && !convert(value) {
		r.fail()
	}
}

func (r *optionsReader) text(name string) (text string) {
	r.read(name, func(value core.Value) (ok bool) {
		text, ok = value.Text()
		return ok
	})
	return text
}

func (r *optionsReader) flag(name string) (flag bool) {
	r.read(name, func(value core.Value) (ok bool) {
		flag, ok = value.Bool()
		return ok
	})
	return flag
}

func (r *optionsReader) number(name string) (number int) {
	r.read(name, func(value core.Value) bool {
		n, ok := value.Int()
		number = int(n)
		return ok && n > 0 && n <= 1<<31-1
	})
	return number
}

// duration reads a number of seconds.
func (r *optionsReader) duration(name string) (duration time.Duration) {
	r.read(name, func(value core.Value) bool {
		seconds, ok := value.Float()
		if !ok || seconds < -1e9 || seconds > 1e9 {
			return false
		}
		duration = time.Duration(seconds * float64(time.Second))
		return true
	})
	return duration
}

func (r *optionsReader) texts(name string) (texts []string) {
	r.read(name, func(value core.Value) bool {
		elements, ok := value.Elements()
		for _, element := range elements {
			text, isText := element.Text()
			ok = ok && isText
			texts = append(texts, text)
		}
		return ok
	})
	return texts
}

func (r *optionsReader) algorithms(name string) (algorithms []core.Algorithm) {
	for _, text := range r.texts(name) {
		algorithms = append(algorithms, core.Algorithm(text))
	}
	return algorithms
}

func (r *optionsReader) nested(name string) (object *core.Object) {
	r.read(name, func(value core.Value) (ok bool) {
		object, ok = value.Object()
		return ok
	})
	return object
}
