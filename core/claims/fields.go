package claims

import (
	"reflect"
	"strings"
	"sync"
	"unicode"
)

// fieldCache spares the walk over a struct's fields after the first time. It holds a map from name to type for each struct type.
var fieldCache sync.Map

// fieldsOf returns the names that encoding/json reads into a struct type, each with the type of its field.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if cached, ok := fieldCache.Load(t); ok {
		return cached.(map[string]reflect.Type)
	}
	fields := make(map[string]reflect.Type)
	for name, candidates := range candidatesOf(t) {
		if t, ok := dominant(candidates); ok {
			fields[name] = t
		}
	}
	fieldCache.Store(t, fields)
	return fields
}

// candidate is one field that claims a name.
type candidate struct {
	depth  int
	tagged bool
	t      reflect.Type
}

// candidatesOf walks a struct and what is embedded in it, breadth first, by the rules that encoding/json documents at Marshal.
func candidatesOf(t reflect.Type) map[string][]candidate {
	found := make(map[string][]candidate)
	visited := make(map[reflect.Type]bool)
	level := map[reflect.Type]int{t: 1} // how often each type stands at this depth
	for depth := 0; len(level) > 0; depth++ {
		next := make(map[reflect.Type]int)
		for embedding, times := range level {
			if visited[embedding] {
				continue
			}
			visited[embedding] = true
			for i := range embedding.NumField() {
				field := embedding.Field(i)
				name, tagged, ok := nameOf(field)
				if !ok {
					continue
				}
				if inner := indirect(field.Type); field.Anonymous && !tagged && inner.Kind() == reflect.Struct {
					next[inner]++
					continue
				}
				// What a type embedded twice at one depth has, is there twice and hides itself.
				for range min(times, 2) {
					found[name] = append(found[name], candidate{depth, tagged, field.Type})
				}
			}
		}
		level = next
	}
	return found
}

// nameOf returns the name a field has in JSON. It reports false for a field that has none.
func nameOf(field reflect.StructField) (name string, tagged, ok bool) {
	tag := field.Tag.Get("json")
	embeddedStruct := field.Anonymous && indirectAny(field.Type).Kind() == reflect.Struct
	if tag == "-" || !field.IsExported() && !embeddedStruct {
		return "", false, false
	}
	name, _, _ = strings.Cut(tag, ",")
	if !validTag(name) {
		return field.Name, false, true
	}
	return name, true, true
}

// indirect follows an unnamed pointer, which is how a struct is embedded by reference.
func indirect(t reflect.Type) reflect.Type {
	if t.Name() == "" && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func indirectAny(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// validTag reports whether encoding/json takes a tag's name as it stands.
func validTag(name string) bool {
	for _, c := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return name != ""
}

// dominant returns the field that a name belongs to: the least deep, and among those the one that is tagged. It reports false when
// that leaves more than one, which encoding/json then ignores.
func dominant(candidates []candidate) (reflect.Type, bool) {
	best := candidates[0]
	unique := true
	for _, other := range candidates[1:] {
		switch {
		case other.depth < best.depth || other.depth == best.depth && other.tagged && !best.tagged:
			best, unique = other, true
		case other.depth == best.depth && other.tagged == best.tagged:
			unique = false
		}
	}
	return best.t, unique
}
