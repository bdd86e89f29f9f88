// The local D1 database: its tables, and users put into it.

import { readFileSync } from "node:fs";

const schema = ["users", "tokens"].map((name) => readFileSync(new URL(`../../store/schema/sqlite_${name}.sql`, import.meta.url), "utf8")).join("");

/** Makes the tables that are missing. */
export async function createTables(database) {
  await database.prepare(schema).run();
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
