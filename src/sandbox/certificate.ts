import { generateKeyPairSync, sign } from 'node:crypto';
import { bitString, integer, objectId, octetString, sequence, set, tagged, utcTime, utf8, yes } from './der.ts';

const DAY_MS = 86_400_000;

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';

/** Both as PEM. */
export type Credentials = { readonly key: string; readonly certificate: string };

/**
 * A new key and a certificate (RFC 5280) for 127.0.0.1 and localhost that it has signed itself. kubectl sends a token over
 * TLS only, and Node can read certificates but not make them.
 */
export const makeCredentials = (nowMs: number): Credentials => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(objectId(COMMON_NAME), utf8('dupgrade sandbox'))));
  const content = sequence(
    tagged(0, integer(Buffer.from([2]))),
    // A serial number: it is the only one of its name.
    integer(Buffer.from(String(nowMs))),
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + 365 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions())),
  );
  const signature = sign('sha256', content, privateKey);
  const certificate = sequence(content, ECDSA_WITH_SHA256, bitString(signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate: pemOf(certificate) };
};

const extensions = (): readonly Buffer[] => {
  const addresses = sequence(tagged(2, Buffer.from('localhost'), false), tagged(7, Buffer.from([127, 0, 0, 1]), false));
  return [
    sequence(objectId(BASIC_CONSTRAINTS), yes(), octetString(sequence(yes()))),
    sequence(objectId(SUBJECT_ALT_NAME), octetString(addresses)),
  ];
};

const pemOf = (der: Buffer): string => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
};
