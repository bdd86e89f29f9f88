package store

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed schema/*.sql
var schemas embed.FS

// Schema returns the SQL that makes the tables in a database of that dialect which lacks them, as the migrations of Django 5.2 with 64-bit
// keys leave them: UserTables are those of the auth and contenttypes apps. It is for tools that take SQL (`wrangler d1 execute`),
// and changes nothing where the tables exist.
func Schema(dialect Dialect, tables Tables) string {
	var b strings.Builder
	for _, group := range tables.groups() {
		b.WriteString(readSchema(dialect, group))
	}
	return b.String()
}

func readSchema(dialect Dialect, group Tables) string {
	names := map[Tables]string{UserTables: "users", TokenTables: "tokens", BlockedTokenTables: "blocked_tokens"}
	prefixes := map[Dialect]string{SQLite: "sqlite", PostgreSQL: "postgresql"}
	text, err := schemas.ReadFile("schema/" + prefixes[dialect] + "_" + names[group] + ".sql")
	if err != nil {
		panic(err) // the files are part of the program
	}
	return string(text)
}

// schemaStatements returns the statements of Schema one by one, with references to the table that users are in.
func schemaStatements(dialect Dialect, tables Tables, users *userTable) []string {
	text := Schema(dialect, tables)
	if !users.stock {
		text = referTo(text, users)
	}
	return strings.Split(strings.TrimSuffix(strings.TrimSpace(text), ";"), ";\n")
}

// referTo returns a schema with its references to auth_user turned to another table.
func referTo(text string, users *userTable) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, `REFERENCES "auth_user" ("id")`) {
			line = strings.Replace(line, `REFERENCES "auth_user" ("id")`, "REFERENCES "+quote(users.name)+" ("+quote(users.key)+")", 1)
			line = strings.Replace(line, `"user_id" integer`, `"user_id" `+users.referenceType(), 1)
		}
		lines = append(lines, line)
		if class := users.patternClass(); class != "" && strings.HasPrefix(line, "CREATE INDEX ") && strings.HasSuffix(line, `("user_id");`+"\n") {
			like := strings.Replace(line, `" ON `, `_like" ON `, 1)
			lines = append(lines, strings.Replace(like, `("user_id")`, `("user_id" `+class+`)`, 1))
		}
	}
	return strings.NewReplacer(
		`"token_blacklist_outs_user_id_83bc629a_fk_auth_user"`, quote(constraintName(outstandingTable, "user_id", "83bc629a", users)),
		`"blacklist_blacklistedtoken_user_id_e4068fb1_fk_auth_user_id"`, quote(constraintName(blockedTable, "user_id", "e4068fb1", users)),
	).Replace(strings.Join(lines, ""))
}

// patternClass returns the operator class of the second index that Django gives a column of text on PostgreSQL, or "".
func (t *userTable) patternClass() string {
	switch {
	case !t.exactTypes:
		return ""
	case strings.HasPrefix(t.keyDeclared, "character varying"):
		return "varchar_pattern_ops"
	case t.keyDeclared == "text":
		return "text_pattern_ops"
	}
	return ""
}

// referenceType returns the type of a column that refers to the table's key. SQLite calls keys of every width integer, and Django those
// that refer to one of its present default bigint.
func (t *userTable) referenceType() string {
	if t.keyDeclared == "integer" && !t.exactTypes {
		return "bigint"
	}
	return t.keyDeclared
}

// constraintName returns Django's name for the foreign key of a column to the users: cut to the 63 bytes of PostgreSQL by leaving out
// from each part. The hash is Django's of the table and the column.
func constraintName(table, column, hash string, users *userTable) string {
	const longest = 63
	suffix := fmt.Sprintf("%s_fk_%s_%s", hash, users.name, users.key)
	if name := table + "_" + column + "_" + suffix; len(name) <= longest {
		return name
	}
	suffix = suffix[:min(len(suffix), longest/3)]
	part := (longest-len(suffix))/2 - 1
	return table[:min(len(table), part)] + "_" + column[:min(len(column), part)] + "_" + suffix
}
