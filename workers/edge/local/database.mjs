// The local D1 database: its tables, and users put into it.

import { readFileSync } from "node:fs";

const schema = (group) => readFileSync(new URL(`../../store/schema/sqlite_${group}.sql`, import.meta.url), "utf8");

/** Makes the tables that are missing, of groups of them: "users", "tokens" and, for drf-jwt, "blocked_tokens". */
export async function createTables(database, groups = ["users", "tokens"]) {
  await database.prepare(groups.map(schema).join("")).run();
}

/** Runs one statement that a tool has printed. */
export async function runStatement(database, statement) {
  await database.prepare(statement).run();
}

/** Whether there is a user of that name. */
export async function hasUser(database, username) {
  const row = await database.prepare('SELECT 1 FROM "auth_user" WHERE "username" = ?').bind(username).first();
  return row !== null;
}
