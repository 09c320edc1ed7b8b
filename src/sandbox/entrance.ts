import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

/**
 * Lets in who knows the token and asks for this address. A page in a browser of this machine can send requests to it, also
 * under a name of its own that leads to 127.0.0.1; it can neither know the token nor choose the Host header.
 */
export const entrance = (token: string): ((headers: IncomingHttpHeaders, port: number) => void) => {
  const wanted = digest(`Bearer ${token}`);
  return ({ host, authorization }, port) => {
    if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
      throw new Refusal(403, 'Forbidden', `this is 127.0.0.1:${port} and no other host`);
    // Digests are of one length, and say nothing of how much of a token is right.
    if (!timingSafeEqual(digest(authorization ?? ''), wanted)) throw new Refusal(401, 'Unauthorized', 'Unauthorized');
  };
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
