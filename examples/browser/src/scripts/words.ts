/** Something to tell the user: what happened, and what to do. */
export interface Words {
  readonly tone: "good" | "bad" | "warn" | "info";
  readonly title: string;
  readonly advice?: string;
}
