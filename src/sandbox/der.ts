/** A value in DER (ITU-T X.690): a tag, a length, and what is in it. */
const value = (tag: number, ...pieces: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(pieces);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
};

/** Up to 127 in one byte; else how many bytes it takes, and those. */
const lengthOf = (length: number): readonly number[] => {
  if (length < 0x80) return [length];
  return length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
};

export const sequence = (...pieces: readonly Uint8Array[]): Buffer => value(0x30, ...pieces);
export const set = (...pieces: readonly Uint8Array[]): Buffer => value(0x31, ...pieces);
/** From its bytes; the first is below 0x80 where it is positive. */
export const integer = (bytes: Uint8Array): Buffer => value(0x02, bytes);
export const yes = (): Buffer => value(0x01, Buffer.from([0xff]));
export const bitString = (bytes: Uint8Array): Buffer => value(0x03, Buffer.from([0]), bytes);
export const octetString = (bytes: Uint8Array): Buffer => value(0x04, bytes);
export const utf8 = (text: string): Buffer => value(0x0c, Buffer.from(text));
/** `[number]` around something else, or, where it is not `constructed`, in the place of its tag. */
export const tagged = (number: number, content: Uint8Array, constructed = true): Buffer =>
  value((constructed ? 0xa0 : 0x80) + number, content);

/** `261231235959Z`: until 2049. */
export const utcTime = (ms: number): Buffer =>
  value(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));

/** `1.2.840.10045.4.3.2`: the first two in one byte, the others in seven bits a byte. */
export const objectId = (text: string): Buffer => {
  const [first = 0, second = 0, ...others] = text.split('.').map(Number);
  return value(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
};

const base128 = (number: number): readonly number[] => {
  const bytes = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
};
