//go:build tinygo

package base64url

// spell does without the table in a build that is downloaded: half of its 8 KiB would be left after compression.
func spell(bits uint64) uint64 { return spellWithoutTable(bits) }
