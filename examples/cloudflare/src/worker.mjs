// The Worker's entry: Jeton as it is. A Worker of your own calls jeton.fetch for the requests that are Jeton's.

export { default } from "../../../workers/edge/dist/worker.mjs";
