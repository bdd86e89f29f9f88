// Many requests in a row: no error, no memory that grows, and no session that is lost while its refresh tokens rotate.

import { load, post } from "./load.mjs";
import { residentBytes } from "./processes.mjs";

const CHUNK_SECONDS = 5;
const LEAST_CHUNKS = 3; // both requests, and one more behind the first look at the memory

/**
 * Loads a server until it has answered that many requests, verify and refresh in turns. Returns what its memory was after a tenth of
 * them and at the end. `memory` returns figures by name.
 */
export async function endure(server, requests, { count, scratch, memory, progress }) {
  const kinds = Object.values(requests);
  let [done, warm] = [0, undefined];
  for (let chunk = 0; done < count || chunk < LEAST_CHUNKS; chunk++) {
    const { requests: answered } = await load(server, kinds[chunk % kinds.length], { seconds: CHUNK_SECONDS, scratch });
    done += answered;
    warm ??= done >= count / 10 && chunk > 0 ? await memory() : undefined;
    progress(`${done.toLocaleString("en")} of ${count.toLocaleString("en")} requests`);
  }
  return { requests: done, warm, end: await memory() };
}

/** What the processes of a server hold. */
export const resident = (server) => async () => ({ resident: residentBytes(server.pids()) });

/**
 * Keeps sessions going by rotation, all at once. Each successor must work and its predecessor be refused, which is asked at the end of
 * each chain. Returns how many rotations there were; a session that is lost ends the measurement.
 */
export async function rotate(url, login, { sessions, rotations }) {
  const refresh = (token) => post(url, "/api/token/refresh/", { refresh: token });
  const session = async () => {
    let { json: tokens } = await post(url, "/api/token/", login);
    let before;
    for (let i = 0; i < rotations; i++) {
      before = tokens.refresh;
      const { status, json } = await refresh(before);
      if (status !== 200 || !json.refresh) throw new Error(`a session was lost after ${i} rotations: ${status}`);
      tokens = json;
    }
    if ((await refresh(before)).status !== 401) throw new Error("a refresh token worked twice");
    if ((await post(url, "/api/token/verify/", { token: tokens.access })).status !== 200) throw new Error("a token that was made is not good");
  };
  await Promise.all(Array.from({ length: sessions }, session));
  return sessions * rotations;
}
