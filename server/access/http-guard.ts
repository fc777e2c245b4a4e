import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { type Access, asScriptoriumError } from '../../protocol/index.ts';
import type { AccessControl, Actor } from './access-control.ts';
import { credentialsOf, type Identity } from './user.ts';

/** Who makes an HTTP request, and whether they may. */
export class HttpAccess {
  readonly control: AccessControl;
  /** From where a request comes, in front of the proxies that are believed. */
  readonly #addressOf: (request: IncomingMessage) => string;

  constructor(control: AccessControl, addressOf: (request: IncomingMessage) => string) {
    this.control = control;
    this.#addressOf = addressOf;
  }

  /** Somebody who may do that with the document. @throws ScriptoriumError UNAUTHORIZED, FORBIDDEN, ACCESS_UNKNOWN */
  need(c: Context, document: string, access: Access): Promise<Actor & { by: Identity }> {
    return this.#let(c, document, (identity) => this.control.need(identity, document, access));
  }

  /** Somebody who looks after the whole server. @throws ScriptoriumError UNAUTHORIZED, FORBIDDEN, ACCESS_UNKNOWN */
  serverAdmin(c: Context): Promise<Actor & { by: Identity }> {
    return this.#let(c, undefined, (identity) => this.control.needServerAdmin(identity));
  }

  /** Somebody for whom there may be something to see. @throws ScriptoriumError UNAUTHORIZED, ACCESS_UNKNOWN */
  somebody(c: Context): Promise<Actor & { by: Identity }> {
    return this.#let(c, undefined, (identity) => this.control.needSomebody(identity));
  }

  async #let(
    c: Context,
    document: string | undefined,
    check: (identity: Identity) => void | Promise<void>,
  ): Promise<Actor & { by: Identity }> {
    const { incoming } = c.env as { incoming: IncomingMessage };
    const address = this.#addressOf(incoming);
    let by: Identity | undefined;
    try {
      by = await this.control.identify(credentialsOf(incoming, address));
      await check(by);
      return { by, address };
    } catch (error) {
      this.control.audit.write('refused', { by, address, document, code: asScriptoriumError(error).code });
      throw error;
    }
  }
}

/** A part of the path as it came. Hono's own decoding lets what is not percent-encoded UTF-8 through as it is. */
export function segmentOf(c: Context, index: number): string {
  return new URL(c.req.url).pathname.split('/')[index] ?? '';
}
