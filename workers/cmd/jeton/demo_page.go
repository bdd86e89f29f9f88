package main

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
)

// pageTypes are the content types of the page's files. The system's own table is not asked: it differs from machine to machine.
var pageTypes = map[string]string{
	".html":  "text/html; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".mjs":   "text/javascript; charset=utf-8",
	".json":  "application/json",
	".map":   "application/json",
	".wasm":  "application/wasm",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

const contentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// demoPage returns the handler for the built example page in directory.
func demoPage(directory string) (http.Handler, error) {
	root, err := os.OpenRoot(directory) // follows no link out of the directory
	if err != nil {
		return nil, usageError("--demo-dir %s: %w; build the page first with 'make run'", directory, reason(err))
	}
	files := root.FS()
	if info, err := fs.Stat(files, "index.html"); err != nil || !info.Mode().IsRegular() {
		return nil, usageError("--demo-dir %s: it has no index.html; build the page first with 'make run'", directory)
	}
	return &pageHandler{files}, nil
}

type pageHandler struct{ files fs.FS }

// ServeHTTP serves index.html at / and every other file of a known type at its path. There are no directory listings.
func (h *pageHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", contentSecurityPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	contentType, known := pageTypes[path.Ext(name)]
	if !known || !fs.ValidPath(name) || hidden(name) {
		http.NotFound(w, r)
		return
	}
	file, err := h.files.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	content, seekable := file.(io.ReadSeeker)
	if err != nil || !info.Mode().IsRegular() || !seekable {
		http.NotFound(w, r)
		return
	}
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "no-cache") // ask again each time, so that a new build shows at once
	http.ServeContent(w, r, name, info.ModTime(), content)
}

// hidden reports whether a part of the path begins with a dot.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }
