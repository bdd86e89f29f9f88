//go:build js

package main

import (
	"errors"
	"syscall/js"

	"github.com/jeton-dev/jeton/workers/edge/platform"
)

// fetchKeySet returns what is published at a URL. Every request has a runtime of its own, so it is Cloudflare's cache that keeps the set.
func fetchKeySet(location string) ([]byte, error) {
	options := map[string]any{
		"headers":  map[string]any{"Accept": "application/json"},
		"redirect": "manual",
		"signal":   js.Global().Get("AbortSignal").Call("timeout", 5000),
		"cf":       map[string]any{"cacheTtl": 300, "cacheEverything": true},
	}
	response, err := await(js.Global().Get("fetch").Invoke(location, options)) // a function of its own: the library's global object is not the platform's
	if err != nil {
		return nil, err
	}
	if response.Get("status").Int() != 200 {
		return nil, errors.New("syumai: the key set is not answered with 200")
	}
	buffer, err := await(response.Call("arrayBuffer"))
	if err != nil {
		return nil, err
	}
	array := js.Global().Get("Uint8Array").New(buffer)
	if array.Length() > platform.MaximumKeySet {
		return nil, errors.New("syumai: the key set is too large")
	}
	body := make([]byte, array.Length())
	js.CopyBytesToGo(body, array)
	return body, nil
}
