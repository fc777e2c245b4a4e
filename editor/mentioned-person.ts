/** Somebody who can be mentioned. */
export interface MentionedPerson {
  /** What the product around the editor knows the person by. */
  readonly id: string;
  /** The name that is shown. */
  readonly label: string;
}
