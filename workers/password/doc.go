// Package password makes and checks password hashes in Django's encoded forms, so that a table of users works in both places.
//
// A [Hashers] stands for Django's setting PASSWORD_HASHERS: the first hasher in the list makes new hashes, and hashes of the others
// are read. Known are PBKDF2 with SHA-256 and SHA-1, Argon2id and Argon2i, bcrypt with and without SHA-256 before it, scrypt, and
// salted MD5; by [Options].Legacy also salted SHA-1 and the unsalted forms of both. The work is asked of a [Deriver], because some
// hosts compute PBKDF2 faster than Go and some must bound how much is computed at a time.
package password
