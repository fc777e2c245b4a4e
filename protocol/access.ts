/** What a peer may do with a document. */
export type Access = 'none' | 'read' | 'comment' | 'write' | 'admin';

/** Every access; each may do what those before it may. */
export const ACCESSES: readonly Access[] = ['none', 'read', 'comment', 'write', 'admin'];

export function isAccess(value: unknown): value is Access {
  return ACCESSES.includes(value as Access);
}

/** Whether somebody with this access may do what needs that one. */
export function allows(access: Access, needed: Access): boolean {
  return ACCESSES.indexOf(access) >= ACCESSES.indexOf(needed);
}
